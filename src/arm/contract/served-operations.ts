import { once } from '../../core/once.js'
import { mediaTypesOf, type ApiContract, type CheckedRoute, type OpenApiOperation, type ServedDocument, type Validator } from '../../http/openapi.js'
import type { OperationRoute } from '../../http/operations.js'
import { isRunCommandAction } from '../../matching/operation-kinds.js'
import { FIRST_WITH_ALL_MEMBERS, bodyTypeOf, withoutLaterMembers, type ObjectType } from '../json/body-type.js'
import { queryParametersOf, type QueryParameter } from '../parameters/query-parameters.js'
import type { ApiVersionScope } from '../responses/form.js'
import type { RateLimit } from '../responses/quotas.js'
import { rateLimitOf } from './rate-limits.js'

declare module '../../http/operations.js' {
  interface ServedOperation {
    /** The action that a principal needs the right for. */
    action?: string | undefined
    /** The type of the resource in the path, such as `Microsoft.Compute/virtualMachines`. */
    resourceType?: string | undefined
    /** Whether the path ends in the name of a view, which is not a resource itself. */
    isView?: boolean
    /** Whether the path ends in the name of a collection. */
    isList?: boolean
    /** Whether the instance id `*` means all instances. */
    takesAllInstances?: boolean
    /** The methods that Azure has for this path, and azrun does not. */
    notServed?: readonly string[]
    apiVersions?: ApiVersionScope
    /** The quotas that the service's responses show; undefined if it is not Compute. */
    rateLimit?: RateLimit | undefined
    queryParameters?: readonly QueryParameter[]
    /** Checks the location in the path, the only value in a path with a pattern; undefined if there is none. */
    checkLocation?: Validator | undefined
    /** Undefined if the operation has no body. */
    bodyContract?: BodyContract | undefined
    needsBody?: boolean
    /** Whether a success can be text/json for clients that accept that. */
    hasTextJson?: boolean
  }
}

/** Who reads a body: a service, Resource Manager itself, or both, as for a resource. */
export type BodyReader = 'service' | 'gateway' | 'both'

/** How the body of an operation is read. */
export interface BodyContract {
  /** Whether a value conforms to the contract of an api-version. */
  readonly isOrdinary: (value: unknown, apiVersion: string) => boolean
  /** The type in an api-version, which is made when a body needs a closer look. */
  readonly type: (apiVersion: string) => ObjectType
  readonly readBy: BodyReader
  /** Whether a valid body may have secrets, which the journal must not have. */
  readonly hasSecrets: boolean
}

/** The operations of the contract, with the facts that hooks and handlers need. */
export function servedOperations ({ document, routes }: ApiContract): OperationRoute[] {
  return routes.map(route => ({ path: route.path, method: route.method, operation: servedOperation(document, route) }))
}

function servedOperation (document: ServedDocument, { path, method, operation, checks }: CheckedRoute) {
  const { operationId, requestBody } = operation
  const action = operation['x-azrun-action'] as string | undefined
  return {
    operationId,
    action,
    resourceType: action && resourceTypeOf(action),
    isView: path.endsWith('/instanceView'),
    isList: method === 'GET' && !/(?:\}|\/instanceView)$/.test(path),
    takesAllInstances: operation['x-azrun-all-instances'] === true,
    notServed: operation['x-azrun-not-served'] as string[] | undefined,
    apiVersions: operation['x-azrun-plane'] as ApiVersionScope,
    rateLimit: rateLimitOf(operationId),
    queryParameters: queryParametersOf(document, operation),
    checkLocation: checks.params,
    bodyContract: checks.body && {
      ...versionedBody(checks.body, document, operation),
      readBy: readerOf(operation, method),
      hasSecrets: !isRunCommandAction(operationId)
    },
    needsBody: requestBody?.required === true,
    hasTextJson: mediaTypesOf(operation).includes('text/json')
  }
}

/** The type of an action such as `TYPE/read`, `TYPE/instanceView/read` or `TYPE/start/action`. */
export function resourceTypeOf (action: string): string {
  return action.replace(/(?:\/instanceView)?\/(?:[^/]+\/action|[^/]+)$/, '')
}

/** The resource provider of a type, and the rest of its name, which is empty for the provider itself. */
export function splitType (resourceType: string): { namespace: string, type: string } {
  const [namespace = '', ...names] = resourceType.split('/')
  return { namespace, type: names.join('/') }
}

/** Only the bodies of managed run commands have members that some api-versions lack. */
function versionedBody (isOrdinary: Validator, document: ServedDocument,
  operation: OpenApiOperation): Pick<BodyContract, 'isOrdinary' | 'type'> {
  const newest = once(() => bodyTypeOf(document, operation))
  if (!/RunCommands_(CreateOrUpdate|Update)$/.test(operation.operationId)) return { isOrdinary, type: newest }
  const earlier = once(() => withoutLaterMembers(newest()))
  return {
    isOrdinary: (value, apiVersion) => apiVersion >= FIRST_WITH_ALL_MEMBERS && isOrdinary(value),
    type: apiVersion => apiVersion >= FIRST_WITH_ALL_MEMBERS ? newest() : earlier()
  }
}

function readerOf (operation: OpenApiOperation, method: string): BodyReader {
  if (operation['x-azrun-plane'] === 'gateway') return 'gateway'
  return method === 'PUT' || method === 'PATCH' ? 'both' : 'service'
}
