import type { JWTPayload, ProtectedHeaderParameters } from 'jose'
import { clouds } from '../../core/clouds.js'
import type { ServicePrincipal, ServicePrincipals } from '../../identity/service-principals.js'
import { CLOCK_SKEW } from '../../identity/tokens.js'
import type { Subscriptions } from '../../resources/subscriptions.js'
import type { Clock } from '../../time/clock.js'
import { EntraError } from '../errors/entra-error.js'
import { tenantOf, type Tenant } from './tenants.js'

const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']

/** The audience of assertions by other issuers (workload identity federation). */
const FEDERATED = 'api://AzureADTokenExchange'

export interface AssertionContext {
  readonly clock: Clock
  readonly servicePrincipals: ServicePrincipals
  readonly subscriptions: Subscriptions
  readonly tenant: Tenant
  /** The requested host, which the audience of an assertion may name. */
  readonly host: string
}

/**
 * Throws Entra's error unless the assertion is this application's, is for this tenant, is within its valid time and, if
 * a certificate is declared, is signed with it.
 */
export async function checkAssertion (assertion: string, client: ServicePrincipal,
  context: AssertionContext): Promise<void> {
  const { header, claims } = await decoded(assertion)
  if (!ALGORITHMS.includes(`${header.alg}`)) {
    throw new EntraError('UnsupportedAlgorithm', { algorithm: `${header.alg}`, supported: ALGORITHMS.join(',') })
  }
  const audiences = [claims.aud ?? []].flat()
  const isFederated = audiences.includes(FEDERATED)
  if (isFederated) checkFederation(client, context)
  else checkOwnership(claims, audiences, client, context)
  checkTime(claims, context.clock)
  if (!isFederated && !context.servicePrincipals.isOpen) await checkSignature(assertion, header, client)
}

async function decoded (assertion: string): Promise<{ header: ProtectedHeaderParameters, claims: JWTPayload }> {
  const { decodeJwt, decodeProtectedHeader } = await import('jose')
  try {
    const [header, claims] = [decodeProtectedHeader(assertion), decodeJwt(assertion)]
    const { alg, x5t, 'x5t#S256': x5tS256 } = header
    const { iss, sub, aud, exp, nbf } = claims
    if ([alg, x5t, x5tS256, iss, sub, exp, nbf, ...[aud].flat()].every(isPlain)) return { header, claims }
  } catch {
    // The same error as for claims of the wrong type.
  }
  throw new EntraError('MalformedAssertion')
}

/** Whether a value is neither a list nor an object, which JavaScript may be unable to convert to text. */
function isPlain (value: unknown): boolean {
  return typeof value !== 'object' || value === null
}

/** Federated identities cannot be declared, so any is accepted only where every application exists. */
function checkFederation ({ clientId }: ServicePrincipal, { servicePrincipals }: AssertionContext): void {
  if (!servicePrincipals.isOpen) throw new EntraError('NoFederatedIdentity', { clientId })
}

function checkOwnership ({ iss, sub }: JWTPayload, audiences: string[], { clientId }: ServicePrincipal,
  context: AssertionContext): void {
  const isOwn = [iss, sub].every(claim => `${claim}`.toLowerCase() === clientId.toLowerCase())
  if (!isOwn) throw new EntraError('AssertionSubjectMismatch')
  if (!audiences.some(audience => isOfTenant(`${audience}`, context))) throw new EntraError('AssertionAudienceMismatch')
}

/** Whether the audience is a URL of the requested authority: its token endpoint, its issuer or any other. */
function isOfTenant (audience: string, { host, subscriptions, tenant }: AssertionContext): boolean {
  if (!URL.canParse(audience)) return false
  const { hostname, pathname } = new URL(audience)
  if (hostname !== host && !clouds.some(({ login }) => login.includes(hostname))) return false
  try {
    return tenantOf(pathname.split('/')[1] ?? '', subscriptions).tenantId === tenant.tenantId
  } catch {
    return false
  }
}

function checkTime ({ exp, nbf = 0 }: JWTPayload, clock: Clock): void {
  const now = clock.now()
  const seconds = now.getTime() / 1000
  if (typeof exp === 'number' && exp + CLOCK_SKEW > seconds && typeof nbf === 'number' && nbf - CLOCK_SKEW <= seconds) return
  throw new EntraError('AssertionExpired', { now: ticks(now.getTime()), validFrom: ticks(Number(nbf) * 1000), expiry: ticks(Number(exp ?? 0) * 1000) })
}

/** `2024-10-02T22:05:03.6750000Z`, as .NET writes it; an invalid time becomes 1970-01-01. */
function ticks (ms: number): string {
  const date = new Date(ms)
  return (Number.isNaN(date.getTime()) ? new Date(0) : date).toISOString().replace('Z', '0000Z')
}

async function checkSignature (assertion: string, { x5t, 'x5t#S256': x5tS256 }: ProtectedHeaderParameters,
  { clientId, certificate, clientSecret }: ServicePrincipal): Promise<void> {
  if (certificate === undefined && clientSecret === undefined) return
  const thumbprint = Buffer.from(`${x5tS256 ?? x5t ?? ''}`, 'base64url').toString('hex').toUpperCase()
  const failed = (reason: string) => new EntraError('AssertionSignatureInvalid', { reason, thumbprint, clientId })
  if (certificate === undefined) throw failed('The key was not found.')
  const own = [certificate.fingerprint, certificate.fingerprint256].map(fingerprint => fingerprint.replaceAll(':', ''))
  if (thumbprint !== '' && !own.includes(thumbprint)) throw failed('The key was not found.')
  const { compactVerify } = await import('jose')
  try {
    await compactVerify(assertion, certificate.publicKey, { algorithms: ALGORITHMS })
  } catch {
    throw failed('The provided signature value did not match the expected signature value.')
  }
}
