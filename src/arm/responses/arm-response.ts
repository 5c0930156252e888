import { indented } from './json-text.js'
import type { RateLimit } from './quotas.js'

/** Who responds: Azure Resource Manager, the service behind it, or azrun itself if Azure has no such case. */
export type Layer = 'gateway' | 'service' | 'azrun'

/** The response of a handler, without the headers of every response of Azure. */
export interface ArmResponse {
  readonly status: number
  readonly layer: Layer
  readonly body?: string
  /** Additional headers, as names and values in turn. */
  readonly headers?: readonly string[]
  /** Further headers, likewise, that replace all others of the same names. */
  readonly replacing?: readonly string[] | undefined
  /** Default: that of the operation if its service responds, else none. */
  readonly rateLimit?: RateLimit | undefined
  /** The cost of a request about scale sets: `x-ms-request-charge`. */
  readonly charge?: number | undefined
  /** Default: a new id. */
  readonly requestId?: string | undefined
  /** Default: that of the request, else a new id. */
  readonly correlationId?: string | undefined
  /** Whether to close the connection after this response. Default: false. */
  readonly close?: boolean
}

/** A response of Resource Manager itself, with compact JSON. */
export function gatewayJson (value: unknown): ArmResponse {
  return { status: 200, layer: 'gateway', body: JSON.stringify(value) }
}

/** A response of a service behind Resource Manager. */
export function serviceJson (value: unknown): ArmResponse {
  return { status: 200, layer: 'service', body: indented(value) }
}
