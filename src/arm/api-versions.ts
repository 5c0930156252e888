import type { Query } from '../http/query.js'
import { ArmError } from './errors/arm-error.js'
import { joined } from './parameters/query-values.js'
import type { ApiVersionScope } from './responses/form.js'

/** `newer`: published versions and every date after 2024-03-01; `published`: only published ones; `any`: any text. */
export type ApiVersionPolicy = 'newer' | 'published' | 'any'

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
function firstWith (action: string): string {
  return FIRST[action] ?? FIRST[action.slice(0, action.lastIndexOf('/'))] ?? ''
}

/** The version of openapi/arm.json. Policy `newer` accepts every later date, because new clients use later versions. */
const CONTRACT_VERSION = '2024-03-01'

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

const sets: Readonly<Record<ApiVersionScope, ReadonlySet<string>>> = {
  compute: new Set(COMPUTE),
  network: new Set(NETWORK),
  resourceGraph: new Set(RESOURCE_GRAPH),
  gateway: new Set(RESOURCES)
}

/**
 * How a version stands for a route. `newer`: after the newest that is known to be published. `unlisted`: between
 * 2024-03-01 and that one, but not known to be published. `deprecated`: such a preview. Documented: Azure may remove a
 * preview 90 days after a newer version is out (versioning policy). No stable version of these resources is known to be
 * deprecated.
 */
export function standingOf (version: string, scope: ApiVersionScope, action = ''): VersionStanding {
  if (sets[scope].has(version)) return version < firstWith(action) ? 'unpublished' : 'published'
  const date = dateOf(version)
  if (date === undefined) return 'malformed'
  if (date <= CONTRACT_VERSION) return 'unpublished'
  if (date >= publishedVersions[scope].at(-1)!) return 'newer'
  return date === version ? 'unlisted' : 'deprecated'
}

export type VersionStanding = 'published' | 'newer' | 'unlisted' | 'deprecated' | 'unpublished' | 'malformed'

/** Versions after 2024-03-01 that are not known to be published. Policy `newer` accepts them. */
const LATER: readonly VersionStanding[] = ['newer', 'unlisted', 'deprecated']

/** The versions of a route; empty if no route was found. */
export interface VersionedRoute {
  readonly apiVersions?: ApiVersionScope
  readonly resourceType?: string | undefined
  readonly action?: string | undefined
}

/** The api-version in a query. A name in another case counts only if none is `api-version`. Empty if missing. */
export function apiVersionOf (query: Query): string {
  const value = query['api-version'] ??
    Object.entries(query).find(([name]) => name.toLowerCase() === 'api-version')?.[1] ?? ''
  return joined(value)
}

/** Throws the gateway's error if the version is missing. */
export function requireApiVersion (version: string): void {
  if (version === '') throw new ArmError('MissingApiVersionParameter')
}

/**
 * Returns a check that throws the gateway's error for a version that is malformed, not served or, if strict,
 * deprecated. If no route was found, it accepts any version.
 */
export function createApiVersionCheck (policy: ApiVersionPolicy) {
  return (version: string, { apiVersions, resourceType = '', action = '' }: VersionedRoute = {}, isStrict = false): void => {
    if (policy === 'any' || apiVersions === undefined) return
    const standing = standingOf(version, apiVersions, action)
    if (standing === 'published') return
    if (policy === 'newer' && LATER.includes(standing) && !(isStrict && standing === 'deprecated')) return
    // Recorded: services refuse a repeated version like one that they do not have (autorest.typescript #1035).
    if ((standing !== 'malformed' || version.includes(',')) && apiVersions !== 'gateway') {
      const slash = resourceType.indexOf('/')
      const [namespace, type] = [resourceType.slice(0, slash), resourceType.slice(slash + 1)]
      const versions = publishedVersions[apiVersions].filter(each => each >= firstWith(action)).join(',')
      throw new ArmError('InvalidResourceType', { type, namespace, apiVersion: version, versions })
    }
    throw new ArmError('InvalidApiVersionParameter', { apiVersion: version, versions: RESOURCES.toReversed().join(',') })
  }
}

/** The date of a well-formed version, which can have a suffix such as `-preview`; undefined for any other text. */
function dateOf (version: string): string | undefined {
  const [, date] = /^(\d{4}-\d{2}-\d{2})(?:-[a-z]+)?$/i.exec(version) ?? []
  if (date === undefined) return undefined
  const time = Date.parse(`${date}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date) ? date : undefined
}
