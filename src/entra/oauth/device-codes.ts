import type { FastifyRequest } from 'fastify'
import { UserGrants } from '../../identity/user-grants.js'
import { EntraError } from '../errors/entra-error.js'
import { optional, required, type Form } from '../forms.js'
import type { Handlers, Services } from '../handler-types.js'
import { authenticate } from './client-authentication.js'
import { tenantOf } from './tenants.js'

/** Seconds between polls: the minimum that all clients accept. None polls twice, since the first poll succeeds. */
const INTERVAL = 1

const PAGE = 'https://microsoft.com/devicelogin'

/** Starts a sign-in by device code. The code is valid at once, since there is no page to enter it on. */
export function deviceCodeHandlers (services: Services): Pick<Handlers, 'DeviceCodes_IssueV1' | 'DeviceCodes_IssueV2'> {
  const grants = new UserGrants(services.tokens)
  const begin = async (request: FastifyRequest, scopeOf: (form: Form) => string | undefined) => {
    const form = (request.body ?? new Map()) as Form
    const tenant = tenantOf((request.params as { tenant: string }).tenant, services.subscriptions)
    const { clientId } = await authenticate({ form, tenant, request }, services)
    const user = services.users.withoutPassword
    if (user === undefined) throw new EntraError('SignInDeclined')
    const grant = { tenantId: tenant.tenantId, clientId, userName: user.name, scope: scopeOf(form) }
    const userCode = services.newId().replaceAll('-', '').slice(0, 9).toUpperCase()
    return {
      user_code: userCode,
      device_code: await grants.issue('device_code', grant),
      message: `To sign in, use a web browser to open the page ${PAGE} and enter the code ${userCode} to authenticate.`
    }
  }
  const lifetime = grants.lifetimeOf('device_code')
  return {
    DeviceCodes_IssueV1: async request => ({
      ...await begin(request, form => optional(form, 'scope')), verification_url: PAGE, expires_in: `${lifetime}`, interval: `${INTERVAL}`
    }),
    DeviceCodes_IssueV2: async request => ({
      ...await begin(request, form => required(form, 'scope')), verification_uri: PAGE, expires_in: lifetime, interval: INTERVAL
    })
  }
}
