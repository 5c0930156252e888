import { ArmError } from './errors.js'

/** `newer`: the published ones and any later date; `published`: those alone; `any`: whatever is sent. */
export type ApiVersionPolicy = 'newer' | 'published' | 'any'

/** Whose versions a route has: a resource type's of Microsoft.Compute, or Resource Manager's own. */
export type ApiVersionScope = { readonly computeType: string } | 'gateway'

/**
 * Versions in which Microsoft.Compute published Run Command. To 2024-03-01: Azure/azure-rest-api-specs; after that:
 * the reference's pages, and 2026-04-01 by what @azure/arm-compute 25.1.1 sends.
 */
const COMPUTE = [
  '2017-03-30', '2017-12-01', '2018-04-01', '2018-06-01', '2018-10-01', '2019-03-01', '2019-07-01', '2019-12-01',
  '2020-06-01', '2020-12-01', '2021-03-01', '2021-04-01', '2021-07-01', '2021-11-01', '2022-03-01', '2022-08-01',
  '2022-11-01', '2023-03-01', '2023-07-01', '2023-09-01', '2024-03-01', '2024-07-01', '2024-11-01', '2025-04-01',
  '2026-04-01'
]

/** Versions of subscriptions and resource groups (documented: Microsoft.Resources reference). */
const RESOURCES = [
  '2014-04-01', '2015-01-01', '2015-11-01', '2016-02-01', '2016-06-01', '2016-09-01', '2017-05-10', '2018-01-01',
  '2018-02-01', '2018-05-01', '2019-03-01', '2019-05-01', '2019-05-10', '2019-06-01', '2019-07-01', '2019-08-01',
  '2019-10-01', '2019-11-01', '2020-01-01', '2020-06-01', '2020-08-01', '2020-10-01', '2021-01-01', '2021-04-01',
  '2022-09-01', '2022-12-01', '2023-07-01', '2024-03-01', '2024-07-01', '2024-11-01', '2025-04-01'
]

/**
 * A check that throws the gateway's error for a version that is missing, malformed or not served. Where no route was
 * found there is no scope, and the version need only be there.
 */
export function createApiVersionCheck (policy: ApiVersionPolicy) {
  const ofResources = new Set(RESOURCES)
  const ofCompute = new Set(COMPUTE)
  return (version: string, scope: ApiVersionScope | undefined): void => {
    if (version === '') throw new ArmError('MissingApiVersionParameter')
    if (policy === 'any' || scope === undefined) return
    if ((scope === 'gateway' ? ofResources : ofCompute).has(version)) return
    const published = scope === 'gateway' ? RESOURCES : COMPUTE
    const wellFormed = isApiVersion(version)
    if (wellFormed && policy === 'newer' && version > published.at(-1)!) return
    if (wellFormed && scope !== 'gateway') {
      throw new ArmError('InvalidResourceType', { type: scope.computeType, apiVersion: version, versions: COMPUTE.join(',') })
    }
    throw new ArmError('InvalidApiVersionParameter', { apiVersion: version, versions: RESOURCES.toReversed().join(',') })
  }
}

/** Up to 2017-12-01 a result is a bare array (recorded: azcli_vm__hybrid_*). */
export function hasArrayResult (version: string): boolean {
  return version < '2018'
}

/** A date of the calendar, perhaps with a suffix such as `-preview`. */
function isApiVersion (version: string): boolean {
  const [, date] = /^(\d{4}-\d{2}-\d{2})(?:-[a-z]+)?$/i.exec(version) ?? []
  if (date === undefined) return false
  const time = Date.parse(`${date}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date)
}
