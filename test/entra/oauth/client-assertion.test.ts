import 'reflect-metadata'
import { createHash, KeyObject, webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'
import { decodeJwt, SignJWT, UnsecuredJWT, type JWTHeaderParameters, type JWTPayload } from 'jose'
import t from 'tap'
import { ServicePrincipals } from '../../../src/identity/service-principals.js'
import { VirtualClock } from '../../../src/time/virtual-clock.js'
import { buildEntra, CLIENT, DEFAULT_TENANT, post, RESOURCE, TENANT, type EntraApp } from '../../harness/entra-app.js'

const V2 = `/${TENANT}/oauth2/v2.0/token`
const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

const own = await certified()
const foreign = await certified()
const declared = new ServicePrincipals({ declared: [{ clientId: CLIENT, certificate: own.pem }] })

t.test('returns a token for an assertion signed with the declared certificate', async t => {
  const clock = new VirtualClock()
  const app = await buildEntra(t, { clock, servicePrincipals: declared })
  const now = seconds(clock)
  const headers: JWTHeaderParameters[] = [
    { alg: 'RS256', x5t: own.sha1 }, { alg: 'PS256', 'x5t#S256': own.sha256 }, { alg: 'RS256' }
  ]
  for (const header of headers) {
    const response = await redeem(app, await signed(claims(now), header))
    t.equal(response.statusCode, 200, response.body)
    t.match(decodeJwt(response.json().access_token), { appid: CLIENT, appidacr: '2' })
  }
})

t.test('accepts the audiences that clients use, only for this tenant', async t => {
  const clock = new VirtualClock()
  const app = await buildEntra(t, { clock })
  const send = async (aud: string | string[]) =>
    (await redeem(app, await signed({ ...claims(seconds(clock)), aud }))).json().error_codes
  for (const aud of [
    `https://login.microsoftonline.com/${TENANT}/oauth2/token`, `https://login.microsoftonline.com/${TENANT}/v2.0`,
    `https://login.microsoftonline.com/${TENANT}/`, `https://login.windows.net/${TENANT}/oauth2/v2.0/token`
  ]) {
    t.equal(await send(aud), undefined, aud)
  }
  t.strictSame(await send(`https://login.microsoftonline.com/${DEFAULT_TENANT}/v2.0`), [700023])
  t.strictSame(await send(`https://login.example.com/${TENANT}/v2.0`), [700023])
  t.strictSame(await send(CLIENT), [700023])
  t.strictSame(await send([]), [700023])
})

/** JavaScript cannot convert this to text or to a number. */
const UNPRINTABLE = { toString: 1, valueOf: 1 }

/** An assertion with a signature of no key. */
function encoded (header: object, claims: object): string {
  return [header, claims, 'x'].map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
}

t.test('refuses an assertion for another time or application, or with another key', async t => {
  const clock = new VirtualClock()
  const app = await buildEntra(t, { clock, servicePrincipals: declared })
  const now = seconds(clock)
  const good = claims(now)
  const { exp, ...endless } = good
  const cases: [string, number, string][] = [
    ['expired', 700024, await signed({ ...good, exp: now - 301 })],
    ['not yet valid', 700024, await signed({ ...good, nbf: now + 301 })],
    ['without an expiry', 700024, await signed(endless)],
    ['with invalid times', 700024, await signed({ ...good, exp: 1e300, nbf: 'soon' as never })],
    ["another's subject", 700021, await signed({ ...good, sub: TENANT })],
    ["another's issuer", 700021, await signed({ ...good, iss: TENANT })],
    ['another key', 700027, await signed(good, { alg: 'RS256' }, foreign)],
    ['another certificate', 700027, await signed(good, { alg: 'RS256', x5t: foreign.sha1 }, foreign)],
    ['another key under our thumbprint', 700027, await signed(good, { alg: 'RS256', x5t: own.sha1 }, foreign)],
    ['alg none', 5002738, new UnsecuredJWT(good).encode()],
    ['HMAC', 5002738, await new SignJWT(good).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(own.pem))],
    ['not a token', 50027, 'not-a-token'],
    ...['alg', 'x5t', 'x5t#S256'].map((name): [string, number, string] =>
      [`an object as ${name}`, 50027, encoded({ alg: 'RS256', [name]: UNPRINTABLE }, good)]),
    ...['iss', 'sub', 'aud', 'exp', 'nbf'].map((name): [string, number, string] =>
      [`an object as ${name}`, 50027, encoded({ alg: 'RS256' }, { ...good, [name]: UNPRINTABLE })]),
    ['an object in a list of audiences', 50027, encoded({ alg: 'RS256' }, { ...good, aud: [UNPRINTABLE] })],
    ['federated', 70025, await signed({ ...good, aud: 'api://AzureADTokenExchange' })]
  ]
  for (const [name, code, assertion] of cases) {
    const response = await redeem(app, assertion)
    t.strictSame(response.json().error_codes, [code], `${name}: ${response.body}`)
    t.ok([400, 401].includes(response.statusCode), name)
  }
  // Recorded: the tests of MSAL for .NET.
  const hmac = await redeem(app, await new SignJWT(good).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(own.pem)))
  t.match([hmac.statusCode, hmac.json().error], [401, 'invalid_client'])
  t.match(hmac.json().error_description, "AADSTS5002738: Invalid JWT token. 'HS256' is not a supported signature algorithm.")
  t.match(hmac.json().error_description, /Supported signing algorithms are: '\w+(,\w+)*' Trace ID: /)
  const unknown = (await redeem(app, await signed(good, { alg: 'RS256' }, foreign))).json()
  t.match(unknown.error_description, `see configured keys for app Id '${CLIENT}'. Review the documentation at https://docs.microsoft.com/en-us/graph/` +
    'deployments to determine the corresponding service endpoint and https://docs.microsoft.com/en-us/graph/api/application-get?view=graph-rest-1.0&tabs=http ' +
    `to build a query request URL, such as 'https://graph.microsoft.com/beta/applications/${CLIENT}']. Trace ID: `)
  // Recorded: dotnet-foundation/projects #503.
  const federated = (await redeem(app, await signed({ ...good, aud: 'api://AzureADTokenExchange' }))).json()
  t.match(federated.error_description,
    `AADSTS70025: The client '${CLIENT}'(${CLIENT}) has no configured federated identity credentials. Trace ID: `)
})

t.test('reports when an assertion was valid, as Entra does', async t => {
  const clock = new VirtualClock()
  const app = await buildEntra(t, { clock })
  const { nbf, ...rest } = claims(seconds(clock))
  const assertion = await signed({ ...rest, exp: seconds(clock) - 400 })
  const { error_description: description } = (await redeem(app, assertion)).json()
  // Recorded: microsoft-authentication-library-for-dotnet #4951.
  t.match(description, 'AADSTS700024: Client assertion is not within its valid time range. Current time: 2024-03-01T00:00:00.0000000Z, ' +
    'assertion valid from 1970-01-01T00:00:00.0000000Z, expiry time of assertion 2024-02-29T23:53:20.0000000Z. Review the documentation at')
})

t.test('accepts any key, and any federated identity, if no service principals are declared', async t => {
  const clock = new VirtualClock()
  const app = await buildEntra(t, { clock })
  const issuer = 'https://token.actions.githubusercontent.com'
  const federated = { iss: issuer, sub: 'repo:a/b:ref:refs/heads/main', aud: 'api://AzureADTokenExchange' }
  t.equal((await redeem(app, await signed(claims(seconds(clock)), { alg: 'RS256' }, foreign))).statusCode, 200)
  t.equal((await redeem(app, await signed({ ...claims(seconds(clock)), ...federated }))).statusCode, 200)
})

t.test('refuses an assertion if a secret is declared, and a secret if a certificate is declared', async t => {
  const clock = new VirtualClock()
  const withSecret = new ServicePrincipals({ declared: [{ clientId: CLIENT, clientSecret: 's' }] })
  const assertion = await signed(claims(seconds(clock)))
  const app = await buildEntra(t, { clock, servicePrincipals: withSecret })
  t.strictSame((await redeem(app, assertion)).json().error_codes, [700027])
  const form = { grant_type: 'client_credentials', client_id: CLIENT, client_secret: 's', scope: `${RESOURCE}.default` }
  const response = await post(await buildEntra(t, { servicePrincipals: declared }), V2, form)
  t.strictSame(response.json().error_codes, [7000215])
})

t.test('refuses an invalid declared certificate', async t => {
  t.throws(() => new ServicePrincipals({ declared: [{ clientId: CLIENT, certificate: '-----BEGIN CERTIFICATE-----' }] }),
    { message: /^is not a PEM-encoded X\.509 certificate: / })
})

async function redeem (app: EntraApp, assertion: string) {
  const form = { client_id: CLIENT, client_assertion_type: TYPE, client_assertion: assertion, scope: `${RESOURCE}.default` }
  return await post(app, V2, { grant_type: 'client_credentials', ...form })
}

function claims (now: number): JWTPayload {
  const aud = `https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token`
  return { aud, iss: CLIENT, sub: CLIENT, jti: 'one', nbf: now, exp: now + 600 }
}

async function signed (payload: JWTPayload, header: JWTHeaderParameters = { alg: 'RS256' }, { privateKey } = own): Promise<string> {
  return await new SignJWT(payload).setProtectedHeader(header).sign(privateKey)
}

function seconds (clock: VirtualClock): number {
  return clock.now().getTime() / 1000
}

async function certified (): Promise<{ pem: string, privateKey: KeyObject, sha1: string, sha256: string }> {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) }
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({ name: 'CN=test', keys, signingAlgorithm: algorithm })
  const hash = (name: string) => createHash(name).update(Buffer.from(certificate.rawData)).digest('base64url')
  return { pem: certificate.toString('pem'), privateKey: KeyObject.from(keys.privateKey), sha1: hash('sha1'), sha256: hash('sha256') }
}
