import type { FastifyRequest } from 'fastify'
import { UserGrants } from '../identity/user-grants.js'
import { DEFAULT_USER } from '../identity/users.js'
import { authenticate } from './client-authentication.js'
import type { Handlers, Services } from './contract.js'
import { optional, required, type Form } from './requests.js'
import { tenantOf } from './tenants.js'

/** Seconds between polls. A second is the least that all clients take, and no poll has to wait: the first succeeds. */
const INTERVAL = 1

const PAGE = 'https://microsoft.com/devicelogin'

/** The beginning of a sign-in by a code, which is good at once: there is nobody to type it in. */
export function deviceCodeHandlers (services: Services): Pick<Handlers, 'DeviceCodes_IssueV1' | 'DeviceCodes_IssueV2'> {
  const grants = new UserGrants(services.tokens)
  const begin = async (request: FastifyRequest, scopeOf: (form: Form) => string | undefined) => {
    const form = (request.body ?? new Map()) as Form
    const tenant = tenantOf((request.params as { tenant: string }).tenant, services.subscriptions)
    const { clientId } = await authenticate({ form, tenant, request }, services)
    const grant = { tenantId: tenant.tenantId, clientId, userName: DEFAULT_USER, scope: scopeOf(form) }
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
