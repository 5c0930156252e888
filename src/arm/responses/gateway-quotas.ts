import type { FastifyRequest } from 'fastify'
import { headerText } from '../../http/response.js'
import type { ResponseForm } from './form.js'

const REMAINING = 'x-ms-ratelimit-remaining-subscription'

/** The remaining quota of a subscription (recorded: both captures; current reads: a public log of May 2025). */
const QUOTAS: Readonly<Record<ResponseForm, Readonly<Record<'reads' | 'writes' | 'deletes', string>>>> = {
  older: {
    reads: headerText([`${REMAINING}-reads`, '11999']),
    writes: headerText([`${REMAINING}-writes`, '1199']),
    deletes: headerText([`${REMAINING}-deletes`, '14999'])
  },
  current: {
    reads: headerText([`${REMAINING}-reads`, '249', `${REMAINING}-global-reads`, '3749']),
    writes: headerText([`${REMAINING}-writes`, '199', `${REMAINING}-global-writes`, '2999']),
    deletes: headerText([`${REMAINING}-deletes`, '199', `${REMAINING}-global-deletes`, '2999'])
  }
}

/**
 * The remaining quota of a tenant, for a request without a subscription (recorded: azure-powershell #20413 and
 * azure-sdk-for-js's recordings of 2021; current: inferred). Resource Graph has one of its own (recorded:
 * azure-cli-extensions' test_query).
 */
const TENANT_READS: Readonly<Record<ResponseForm, string>> = {
  older: headerText(['x-ms-ratelimit-remaining-tenant-reads', '11999']),
  current: headerText(['x-ms-ratelimit-remaining-tenant-reads', '249'])
}
const TENANT_QUERIES = headerText(['x-ms-ratelimit-remaining-tenant-resource-requests', '14'])

/** The quota for a method. Any other method is a write. */
const QUOTA_OF: Readonly<Record<string, 'reads' | 'deletes'>> = { GET: 'reads', HEAD: 'reads', DELETE: 'deletes' }

/** The header of the quota of Resource Manager that a request uses. */
export function quotaFor ({ method, params, operation }: FastifyRequest, form: ResponseForm): string {
  if (operation?.operationId === 'ResourceGraph_Resources') return TENANT_QUERIES
  const { subscriptionId } = params as { readonly subscriptionId?: string }
  return subscriptionId === undefined ? TENANT_READS[form] : QUOTAS[form][QUOTA_OF[method] ?? 'writes']
}
