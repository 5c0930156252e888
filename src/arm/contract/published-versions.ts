import type { ApiVersionScope } from '../responses/form.js'

/**
 * Versions of Microsoft.Compute's machines. Recorded: azure-cli #7533 up to 2018-06-01. Documented:
 * Azure/azure-rest-api-specs up to 2024-03-01; after that, the reference's pages and the requests of released clients
 * (@azure/arm-compute 24.0.0, 24.1.0 and 25.1.1).
 */
const COMPUTE = [
  '2015-05-01-preview', '2015-06-15', '2016-03-30', '2016-04-30-preview', '2016-08-30',
  '2017-03-30', '2017-12-01', '2018-04-01', '2018-06-01', '2018-10-01', '2019-03-01', '2019-07-01', '2019-12-01',
  '2020-06-01', '2020-12-01', '2021-03-01', '2021-04-01', '2021-07-01', '2021-11-01', '2022-03-01', '2022-08-01',
  '2022-11-01', '2023-03-01', '2023-07-01', '2023-09-01', '2024-03-01', '2024-07-01', '2024-11-01', '2025-04-01',
  '2025-11-01', '2026-03-01', '2026-04-01'
]

/** Resource Manager's own versions, in the reverse of the order in which it lists them (recorded: azure-cli #31964). */
const RESOURCES = [
  '2014-04', '2014-02-26', '2013-03-01', '2014-01-01', '2014-04-01', '2014-04-01-preview', '2015-01-01',
  '2015-11-01', '2016-02-01', '2016-06-01', '2016-07-01', '2016-09-01', '2017-03-01', '2017-05-01', '2017-05-10',
  '2017-06-01', '2017-08-01', '2017-12-01', '2018-01-01', '2018-02-01', '2018-05-01', '2018-06-01', '2018-07-01',
  '2018-08-01', '2018-09-01', '2018-11-01', '2019-03-01', '2019-05-01', '2019-05-10', '2019-06-01', '2019-07-01',
  '2019-08-01', '2019-09-01', '2019-10-01', '2019-11-01', '2020-01-01', '2020-05-01', '2020-06-01', '2020-07-01',
  '2020-08-01', '2020-09-01', '2020-10-01', '2021-01-01', '2021-04-01', '2022-01-01', '2022-03-01-preview',
  '2022-05-01', '2022-06-01', '2022-09-01', '2022-11-01-preview', '2022-12-01', '2023-03-01-preview',
  '2023-07-01-preview', '2023-07-01', '2024-03-01', '2024-06-01-preview', '2024-07-01', '2024-08-01', '2024-11-01',
  '2024-10-01-preview', '2025-03-01', '2025-04-01'
]

/** Versions of network interfaces and public addresses (documented: Microsoft.Network reference). */
const NETWORK = [
  '2015-06-15', '2016-03-30', '2016-06-01', '2016-09-01', '2016-12-01', '2017-03-01', '2017-06-01', '2017-08-01',
  '2017-09-01', '2017-10-01', '2017-11-01', '2018-01-01', '2018-02-01', '2018-04-01', '2018-06-01', '2018-07-01',
  '2018-08-01', '2018-10-01', '2018-11-01', '2018-12-01', '2019-02-01', '2019-04-01', '2019-06-01', '2019-07-01',
  '2019-08-01', '2019-09-01', '2019-11-01', '2019-12-01', '2020-03-01', '2020-04-01', '2020-05-01', '2020-06-01',
  '2020-07-01', '2020-08-01', '2020-11-01', '2021-02-01', '2021-03-01', '2021-05-01', '2021-08-01', '2022-01-01',
  '2022-05-01', '2022-07-01', '2022-09-01', '2022-11-01', '2023-02-01', '2023-04-01', '2023-05-01', '2023-06-01',
  '2023-09-01', '2023-11-01', '2024-01-01', '2024-03-01', '2024-05-01', '2024-07-01', '2024-10-01', '2025-01-01'
]

/** Versions of Azure Resource Graph (documented: its reference). */
const RESOURCE_GRAPH = [
  '2018-09-01-preview', '2019-04-01', '2020-04-01-preview', '2021-03-01', '2021-06-01-preview', '2022-10-01',
  '2024-04-01'
]

/** The published versions, oldest first. */
export const publishedVersions: Readonly<Record<ApiVersionScope, readonly string[]>> =
  { compute: COMPUTE, network: NETWORK, resourceGraph: RESOURCE_GRAPH, gateway: RESOURCES }

/**
 * The first version with a type or an action that not all versions have (documented: Azure/azure-rest-api-specs).
 * Inferred: any method gets the same error for an older one; the action on an instance is as old as that on a machine.
 */
const FIRST: Readonly<Record<string, string>> = {
  'Microsoft.Compute/locations/runCommands': '2017-03-30',
  'Microsoft.Compute/virtualMachines/runCommand/action': '2017-03-30',
  'Microsoft.Compute/virtualMachineScaleSets/virtualMachines/runCommand/action': '2017-03-30',
  'Microsoft.Compute/virtualMachines/runCommands': '2020-06-01',
  'Microsoft.Compute/virtualMachineScaleSets/virtualMachines/runCommands': '2020-06-01'
}

/** The first version with what a right is for, such as `TYPE/read`; empty if all versions have it. */
export function firstWith (action: string): string {
  return FIRST[action] ?? FIRST[action.slice(0, action.lastIndexOf('/'))] ?? ''
}

/** The published versions with what a right is for, oldest first. */
export function versionsWith (action: string, scope: ApiVersionScope): string[] {
  return publishedVersions[scope].filter(version => version >= firstWith(action))
}
