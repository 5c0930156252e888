/** The source of a route's versions: a service, or Resource Manager itself (`gateway`). */
export type ApiVersionScope = 'compute' | 'network' | 'resourceGraph' | 'gateway'

/**
 * The form of a response. `current`: that of Azure's front door today (recorded: azcli_*_2024-07-01). `older`: as
 * recorded up to 2022.
 */
export type ResponseForm = 'older' | 'current'

const FIRST_CURRENT: Readonly<Record<ApiVersionScope, string>> = {
  compute: '2022-11-01', network: '2023-02-01', resourceGraph: '2022-10-01', gateway: '2022-09-01'
}

/**
 * The form for an api-version. On Azure the form depends on the date; here each version keeps the form of its last
 * recording. The first version with the current form is recorded for Resource Manager and Compute (in 2024:
 * azcli_power_vm_2024-07-01, exchange 53), and inferred for the other services.
 */
export function responseFormOf (version: string, scope: ApiVersionScope = 'compute'): ResponseForm {
  return version !== '' && version < FIRST_CURRENT[scope] ? 'older' : 'current'
}

/**
 * Since 2022-11-01, Microsoft.Network sends compact JSON (recorded: azure-cli's test_network_nic in 2024; up to
 * 2022-05-01 indented: test_network_public_ip).
 */
export function hasCompactNetworks (version: string): boolean {
  return version >= '2022-11-01'
}

/** The members of network interfaces that api-versions added, as recorded in the same sessions. */
export function networkInterfaceMembers (version: string) {
  return { hasWorkloads: version >= '2022-01-01', hasAuxiliary: version >= '2022-11-01' }
}

/** `signed`: signed and checked, as on Azure since 2023. `plain`: with only the api-version, as until 2021. */
export type OperationUrlForm = 'signed' | 'plain'

/** Up to 2017-12-01, a result is a bare array, indented in the status (recorded: azcli_vm__hybrid_*). */
export function hasArrayResult (version: string): boolean {
  return version < '2018'
}

/** Since 2021-11-01, operation URLs have a partition (recorded: net_managed_vm_windows_2021-11-01). */
export function hasPartition (version: string): boolean {
  return version >= '2021-11-01'
}

interface AnsweredRequest {
  readonly apiVersion: string
  readonly method: string
  readonly resourceId?: { readonly type: string }
}

const INSTANCE_RUN_COMMANDS = 'Microsoft.Compute/virtualMachineScaleSets/virtualMachines/runCommands'

/**
 * Since 2022-11-01, the response to an action has Azure-AsyncNotification (recorded: azcli_power_vm_2024-07-01). That
 * to a PUT, PATCH or DELETE had it earlier (recorded: net_managed_vm_windows_2021-11-01, java_power_vm of 2020), but
 * not about an instance (recorded: captures of az with versions of 2021).
 */
export function hasAsyncNotification ({ apiVersion, method, resourceId }: AnsweredRequest): boolean {
  return apiVersion >= '2022-11-01' || (method !== 'POST' && resourceId?.type !== INSTANCE_RUN_COMMANDS)
}

/** Since 2024-07-01, machines and scale sets have an etag (recorded: azcli_power_vm_2024-07-01). */
export function hasEtag (version: string): boolean {
  return version >= '2024-07-01'
}

/**
 * Since 2023-09-01, scale sets and their instances have an etag (recorded: azcli_power_vmss_2024-07-01, exchange 13;
 * inferred for earlier versions).
 */
export function hasInstanceEtag (version: string): boolean {
  return version >= '2023-09-01'
}

/** Since 2024-07-01, instances have a status of retried deletions (recorded: the same, exchanges 13 and 14). */
export function hasDeletionStatus (version: string): boolean {
  return version >= '2024-07-01'
}

/** Since 2021-07-01, the built-in commands are in the order of their ids (recorded: azure-powershell in 2021). */
export function hasSortedDocuments (version: string): boolean {
  return version >= '2021-07-01'
}

/** Since 2021-11-01, machines have a creation time (documented: that version's specification). */
export function hasTimeCreated (version: string): boolean {
  return version >= '2021-11-01'
}
