/** Whose versions a route has: those of a service, or Resource Manager's own. */
export type ApiVersionScope = 'compute' | 'network' | 'resourceGraph' | 'gateway'

/**
 * Which form a response has. `current`: the one that Azure's front door gives it today (recorded: azcli_*_2024-07-01);
 * `older`: the one recorded up to 2022.
 */
export type ResponseForm = 'older' | 'current'

const FIRST_CURRENT: Readonly<Record<ApiVersionScope, string>> = {
  compute: '2022-11-01', network: '2023-02-01', resourceGraph: '2022-10-01', gateway: '2022-09-01'
}

/**
 * The form by api-version. On Azure it is the date of the service that decides; here each version keeps the form in
 * which it was recorded last. The version where the form changes is recorded for Resource Manager and Compute (in 2024:
 * azcli_power_vm_2024-07-01, exchange 53), and inferred for the other services.
 */
export function responseFormOf (version: string, scope: ApiVersionScope = 'compute'): ResponseForm {
  return version !== '' && version < FIRST_CURRENT[scope] ? 'older' : 'current'
}

/** `signed`: as Azure's are since 2023, and checked; `plain`: the api-version alone, as until 2021, and not checked. */
export type OperationUrlForm = 'signed' | 'plain'

/** Up to 2017-12-01 a result is a bare array, indented in the status (recorded: azcli_vm__hybrid_*). */
export function hasArrayResult (version: string): boolean {
  return version < '2018'
}

/** Since 2021-11-01 operation URLs name a partition (recorded: net_managed_vm_windows_2021-11-01). */
export function hasPartition (version: string): boolean {
  return version >= '2021-11-01'
}

interface AnsweredRequest {
  readonly apiVersion: string
  readonly method: string
}

/**
 * Since 2022-11-01 the response to an action has Azure-AsyncNotification (recorded: azcli_power_vm_2024-07-01), and
 * earlier already that to a PUT, PATCH or DELETE (recorded: net_managed_vm_windows_2021-11-01, java_power_vm of 2020).
 */
export function hasAsyncNotification ({ apiVersion, method }: AnsweredRequest): boolean {
  return apiVersion >= '2022-11-01' || method !== 'POST'
}

/** Since 2024-07-01 machines and scale sets have an etag (recorded: azcli_power_vm_2024-07-01). */
export function hasEtag (version: string): boolean {
  return version >= '2024-07-01'
}

/**
 * Since 2023-09-01 scale sets and their instances have one (recorded: azcli_power_vmss_2024-07-01, exchange 13; of
 * versions before that one: inferred).
 */
export function hasInstanceEtag (version: string): boolean {
  return version >= '2023-09-01'
}

/** Since 2024-07-01 instances say whether their deletion is tried again (recorded: the same, exchanges 13 and 14). */
export function hasDeletionStatus (version: string): boolean {
  return version >= '2024-07-01'
}

/** Since 2021-11-01 machines say when they were created (documented: that version's specification). */
export function hasTimeCreated (version: string): boolean {
  return version >= '2021-11-01'
}
