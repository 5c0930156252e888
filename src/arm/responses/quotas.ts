import { headerText } from '../../http/response.js'
import type { ResponseForm } from './form.js'

/** The remaining requests of a client, by Azure's names of groups of operations. */
export type Quotas = Readonly<Record<string, number>>

/** The quotas that a request uses, and the header that shows them as text. */
export interface ShownQuotas {
  readonly quotas: Quotas
  /** Empty without quotas. */
  readonly header: string
}

/** The quotas of an operation in each form of response. */
export type RateLimit = Readonly<Record<ResponseForm, ShownQuotas>>

/** Formats the headers of quotas, once for all responses. */
export function rateLimit ({ older, current }: Readonly<Record<ResponseForm, Quotas>>): RateLimit {
  return { older: shownQuotas(older), current: shownQuotas(current) }
}

export function shownQuotas (quotas: Quotas): ShownQuotas {
  const each = Object.entries(quotas).map(([group, remaining]) => `Microsoft.Compute/${group};${remaining}`)
  return { quotas, header: each.length === 0 ? '' : headerText(['x-ms-ratelimit-remaining-resource', each.join(',')]) }
}

/** The remaining queries of Resource Graph, and the seconds until the quota resets (documented). */
export function userQuota (remaining: number, seconds: number): string[] {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const duration = parts.map(part => `${part}`.padStart(2, '0')).join(':')
  return ['x-ms-user-quota-remaining', `${remaining}`, 'x-ms-user-quota-resets-after', duration]
}
