import { EntraError } from '../errors/entra-error.js'
import { optional, required, type Form } from '../forms.js'

const MICROSOFT_GRAPH = 'https://graph.microsoft.com'

/** Azure AD Graph, the default resource of version 1.0. */
const DEFAULT_RESOURCE = '00000002-0000-0000-c000-000000000000'

/** Scopes of OpenID Connect, which do not belong to a resource. */
const OPENID = ['openid', 'profile', 'email', 'offline_access']

/** The audience of a version 1.0 request: its `resource`. */
export function audienceOfResource (form: Form): string {
  return optional(form, 'resource') ?? DEFAULT_RESOURCE
}

/** The audience of an application's scope, which must be one resource followed by `/.default`. */
export function audienceOfApplication (form: Form): string {
  const scope = required(form, 'scope')
  const [only = '', ...others] = resourceScopes(scope)
  if (others.length > 0) throw new EntraError('SeveralResources', { scope })
  if (!/.\/\.default$/i.test(only)) throw new EntraError('InvalidScope', { scope })
  return resourceOf(only)
}

/** The audience of a user's scopes. A bare scope such as `User.Read`, or no scope, means Microsoft Graph. */
export function audienceOfUser (scope: string): string {
  const [first = MICROSOFT_GRAPH, ...others] = new Set(resourceScopes(scope).map(resourceOf))
  if (others.length > 0) throw new EntraError('SeveralResources', { scope })
  return first
}

function resourceScopes (scope: string): string[] {
  return scope.split(/\s+/).filter(name => name !== '' && !OPENID.includes(name.toLowerCase()))
}

/** `https://x//.default` names `https://x/`: the last slash belongs to the permission, the other to the resource. */
function resourceOf (scope: string): string {
  const slash = scope.lastIndexOf('/')
  return slash <= 0 ? MICROSOFT_GRAPH : scope.slice(0, slash)
}
