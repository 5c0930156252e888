import type { Query } from '../http/query.js'
import { firstWith, publishedVersions, versionsWith } from './contract/published-versions.js'
import { splitType } from './contract/served-operations.js'
import { ArmError } from './errors/arm-error.js'
import { joined } from './parameters/query-values.js'
import type { ApiVersionScope } from './responses/form.js'

/** `newer`: published versions and every date after 2024-03-01; `published`: only published ones; `any`: any text. */
export type ApiVersionPolicy = 'newer' | 'published' | 'any'

/** The version of openapi/arm.json. Policy `newer` accepts every later date, because new clients use later versions. */
const CONTRACT_VERSION = '2024-03-01'

const sets: Readonly<Record<ApiVersionScope, ReadonlySet<string>>> = {
  compute: new Set(publishedVersions.compute),
  network: new Set(publishedVersions.network),
  resourceGraph: new Set(publishedVersions.resourceGraph),
  gateway: new Set(publishedVersions.gateway)
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
      const versions = versionsWith(action, apiVersions).join(',')
      throw new ArmError('InvalidResourceType', { ...splitType(resourceType), apiVersion: version, versions })
    }
    const versions = publishedVersions.gateway.toReversed().join(',')
    throw new ArmError('InvalidApiVersionParameter', { apiVersion: version, versions })
  }
}

/** The date of a well-formed version, which can have a suffix such as `-preview`; undefined for any other text. */
function dateOf (version: string): string | undefined {
  const [, date] = /^(\d{4}-\d{2}-\d{2})(?:-[a-z]+)?$/i.exec(version) ?? []
  if (date === undefined) return undefined
  const time = Date.parse(`${date}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date) ? date : undefined
}
