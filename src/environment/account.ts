import { DeclaredGroups } from '../resources/declared-groups.js'
import { Subscriptions, type Subscription, type SubscriptionDeclaration } from '../resources/subscriptions.js'
import { request } from './http-client.js'

/** The credentials, tenant and subscriptions that clients use. */
export interface Account {
  readonly tenantId: string
  readonly clientId: string
  readonly clientSecret: string
  readonly subscriptionId: string
  /** Every subscription that the client can see; the one of `subscriptionId` comes first. */
  readonly subscriptions: readonly Subscription[]
}

/** The declarations that decide as whom clients log in. */
export interface Declared {
  readonly servicePrincipals: ReadonlyArray<{ readonly clientId: string, readonly clientSecret?: string }>
  readonly subscriptions: readonly SubscriptionDeclaration[]
}

/** The client if no declared principal has a secret. azrun lets it log in only if it lets everybody log in. */
const DEFAULT_PRINCIPAL = { clientId: '00000000-0000-4000-8000-617a72756e01', clientSecret: 'azrun' } as const

const RESOURCE = 'https://management.azure.com'

/**
 * Logs in to azrun as the first declared principal that has a secret, else as `DEFAULT_PRINCIPAL`, and lists its
 * subscriptions. Rejects if azrun refuses either.
 */
export async function findAccount (httpUrl: string, declared: Declared): Promise<Account> {
  const principal = declared.servicePrincipals.find(({ clientSecret }) => clientSecret !== undefined)
  const { clientId, clientSecret } = { ...DEFAULT_PRINCIPAL, ...principal }
  const assumed = new Subscriptions({ groups: new DeclaredGroups(), declared: declared.subscriptions }).list()
  const token = await logIn(httpUrl, assumed[0]!.tenantId, { clientId, clientSecret })
  const listed = await list(httpUrl, token, clientId)
  const subscriptions = listed.length > 0 ? listed : assumed
  const { tenantId, subscriptionId } = subscriptions[0]!
  return { tenantId, clientId, clientSecret, subscriptionId, subscriptions }
}

async function logIn (httpUrl: string, tenantId: string, client: Pick<Account, 'clientId' | 'clientSecret'>) {
  const { status, body } = await request(`${httpUrl}/${tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: client.clientId,
      client_secret: client.clientSecret,
      scope: `${RESOURCE}/.default`
    }).toString()
  })
  if (status === 200) return `${JSON.parse(body).access_token}`
  throw new Error(`azrun refused the login of ${client.clientId}: ${firstLine(body)}; ` +
    'declare one of servicePrincipals with a clientSecret, and for azrun env use the --config of the running azrun')
}

async function list (httpUrl: string, token: string, clientId: string): Promise<Subscription[]> {
  const { status, body } = await request(`${httpUrl}/subscriptions?api-version=2022-12-01`, {
    headers: { authorization: `Bearer ${token}` }
  })
  if (status === 200) return JSON.parse(body).value
  throw new Error(`azrun refused to list the subscriptions of ${clientId}: ${firstLine(body)}`)
}

function firstLine (body: string): string {
  try {
    const { error, error_description: description } = JSON.parse(body)
    return (description ?? error?.message ?? error).split(/\r?\n/)[0]
  } catch {
    return body.slice(0, 200)
  }
}
