import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeJwt, decodeProtectedHeader, exportJWK, SignJWT, UnsecuredJWT, type JWK, type JWTPayload } from 'jose'
import t, { type Test } from 'tap'
import type { Principal } from '../../src/identity/claims.js'
import { createSigningKey, hasSigningKey, loadOrCreateSigningKey, type SigningKey } from '../../src/identity/signing-key.js'
import { TokenError, Tokens } from '../../src/identity/tokens.js'
import { systemClock, type Clock } from '../../src/time/clock.js'
import { VirtualClock } from '../../src/time/virtual-clock.js'
import { CLIENT, RESOURCE, TENANT } from '../harness/entra-app.js'
import { matchList } from '../harness/match-list.js'
import { collectWarnings, noWarning } from '../harness/warnings.js'

const OBJECT = '0b0e6a3a-2222-4f6e-9a3f-2b6f6f1d8a10'
const APP: Principal = { kind: 'app', clientId: CLIENT, objectId: OBJECT }
const REQUEST = { tenantId: TENANT, audience: RESOURCE, principal: APP } as const

interface Given {
  readonly clock?: Clock
  readonly trusted?: readonly JWK[]
  readonly signingKey?: () => Promise<SigningKey>
}

function tokensWith ({ clock = systemClock, signingKey = createSigningKey, trusted }: Given = {}): Tokens {
  return new Tokens({ clock, newId: randomUUID, signingKey, trusted })
}

t.test('issues ES256 tokens with the claims of a version 1.0 application token', async t => {
  const clock = new VirtualClock()
  const now = clock.now().getTime() / 1000
  const tokens = tokensWith({ clock })
  const { token, expiresIn, expiresOn, notBefore } = await tokens.issue(REQUEST)
  const { keys: [key] } = await tokens.publicKeys()
  t.strictSame(decodeProtectedHeader(token), { typ: 'JWT', alg: 'ES256', kid: key?.kid })
  const { uti, ...claims } = decodeJwt(token)
  t.strictSame(claims, {
    aud: RESOURCE,
    iss: `https://sts.windows.net/${TENANT}/`,
    appid: CLIENT,
    appidacr: '1',
    idp: `https://sts.windows.net/${TENANT}/`,
    oid: OBJECT,
    tid: TENANT,
    ver: '1.0',
    idtyp: 'app',
    sub: OBJECT,
    iat: now - 300,
    nbf: now - 300,
    exp: now + 3600
  })
  t.match(uti, /^[\w-]{22}$/)
  t.strictSame({ expiresIn, expiresOn, notBefore }, { expiresIn: 3599, expiresOn: now + 3600, notBefore: now - 300 })
})

t.test('the times of a token are whole seconds, rounded down, and those of a short-lived one rounded up', async t => {
  const clock = new VirtualClock()
  const now = clock.now().getTime() / 1000
  await clock.advance(900)
  const tokens = tokensWith({ clock })
  t.match(await tokens.issue(REQUEST), { expiresOn: now + 3600, notBefore: now - 300 })
  t.match(await tokens.issue({ ...REQUEST, lifetime: 60, isShort: true }), { expiresIn: 60, expiresOn: now + 61 })
})

t.test("includes the resource id in a managed identity's token", async t => {
  const resourceId = '/subscriptions/s/resourcegroups/rg/providers/Microsoft.Compute/virtualMachines/vm'
  const { token } = await tokensWith().issue({ ...REQUEST, principal: { ...APP, resourceId } })
  t.equal(decodeJwt(token)['xms_mirid'], resourceId)
})

t.test("includes the user's name in a user's token", async t => {
  const principal: Principal = { kind: 'user', clientId: CLIENT, objectId: OBJECT, name: 'ann@contoso.com' }
  const claims = decodeJwt((await tokensWith().issue({ ...REQUEST, principal })).token)
  t.match(claims, { upn: 'ann@contoso.com', unique_name: 'ann@contoso.com', name: 'ann', scp: 'user_impersonation', appidacr: '0' })
  const subOf = async (clientId: string) =>
    decodeJwt((await tokensWith().issue({ ...REQUEST, principal: { ...principal, clientId } })).token).sub
  t.equal(await subOf(CLIENT), claims.sub)
  t.not(await subOf(TENANT), claims.sub, 'another application gets another sub')
  t.not(claims.sub, OBJECT)
})

t.test('accepts a token that it issued, more than once', async t => {
  const tokens = tokensWith()
  const { token } = await tokens.issue(REQUEST)
  t.strictSame(await tokens.verify(token), decodeJwt(token))
  t.equal(await tokens.verify(token), await tokens.verify(token), 'the claims are cached')
})

t.test('accepts a token until five minutes after its expiry, cached or not', async t => {
  const clock = new VirtualClock()
  const tokens = tokensWith({ clock })
  const { token } = await tokens.issue(REQUEST)
  const { token: unseen } = await tokens.issue(REQUEST)
  await clock.advance(3_600_000 + 299_000)
  await tokens.verify(token)
  await clock.advance(1000)
  for (const each of [token, unseen]) {
    const error = await tokens.verify(each).catch(error => error)
    t.ok(error instanceof TokenError)
    t.match(error, { reason: 'expired', claims: { oid: OBJECT } })
  }
})

t.test('accepts only tokens that are signed with declared keys', async t => {
  for (const [kty, alg, pair] of [
    ['RSA', 'RS256', generateKeyPairSync('rsa', { modulusLength: 2048 })],
    ['EC', 'ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' })]
  ] as const) {
    const jwk = { ...await exportJWK(pair.privateKey), kid: 'theirs' }
    const token = await new SignJWT(someClaims()).setProtectedHeader({ alg, kid: 'theirs' }).sign(pair.privateKey)
    t.match(await tokensWith({ trusted: [jwk] }).verify(token), { oid: OBJECT }, kty)
    t.equal(await refusal(tokensWith(), token), 'invalid')
  }
})

t.test('finds a declared key without an id by its thumbprint', async t => {
  const { privateKey, jwk: { kty, crv, x, y }, kid } = await createSigningKey()
  const token = await new SignJWT(someClaims()).setProtectedHeader({ alg: 'ES256', kid }).sign(privateKey)
  await t.resolves(tokensWith({ trusted: [{ kty, crv, x, y }] }).verify(token))
})

t.test('refuses tokens that are not properly signed', async t => {
  const key = await createSigningKey()
  const other = await createSigningKey()
  const tokens = tokensWith({ signingKey: async () => key })
  const { token } = await tokens.issue(REQUEST)
  const [header, payload, signature] = token.split('.') as [string, string, string]
  const publicBytes = Buffer.from(key.publicKey.export({ format: 'pem', type: 'spki' }))
  const { token: foreign } = await tokensWith({ signingKey: async () => other }).issue(REQUEST)
  const attacks: Record<string, string> = {
    'no signature': `${header}.${payload}.`,
    'alg none': new UnsecuredJWT(someClaims()).encode(),
    'alg none with our key id': `${encoded({ alg: 'none', kid: key.kid })}.${payload}.`,
    'the public key as an HMAC key': await new SignJWT(someClaims()).setProtectedHeader({ alg: 'HS256', kid: key.kid }).sign(publicBytes),
    'another key': foreign,
    'another key under our key id': await new SignJWT(someClaims()).setProtectedHeader({ alg: 'ES256', kid: key.kid }).sign(other.privateKey),
    'a key that the token contains': await new SignJWT(someClaims()).setProtectedHeader({ alg: 'ES256', jwk: other.jwk }).sign(other.privateKey),
    'no key id': await new SignJWT(someClaims()).setProtectedHeader({ alg: 'ES256' }).sign(key.privateKey),
    'other claims': `${header}.${encoded({ ...decodeJwt(token), oid: CLIENT })}.${signature}`,
    'text that is not a token': 'a-token',
    nothing: '',
    'only dots': '..'
  }
  for (const [name, attack] of Object.entries(attacks)) {
    t.equal(await refusal(tokens, attack), 'invalid', name)
  }
})

t.test('refuses a token without the claims that Azure reads', async t => {
  const key = await createSigningKey()
  const tokens = tokensWith({ signingKey: async () => key })
  for (const name of ['aud', 'iss', 'tid', 'oid', 'exp']) {
    const { [name]: left, ...rest } = someClaims()
    t.equal(await refusal(tokens, await tokens.sign(rest)), 'invalid', name)
  }
  t.equal(await refusal(tokens, await tokens.sign({ ...someClaims(), aud: ['a', 'b'] })), 'invalid')
})

t.test('caches a limited number of tokens and keeps those in use', async t => {
  const { VerifiedTokens } = await import('../../src/identity/verified-tokens.js')
  const remembered = new VerifiedTokens()
  const claims = someClaims() as never
  remembered.add('used', claims)
  let lost = 0
  for (let n = 0; n < 5000; n++) {
    remembered.add(`token ${n}`, claims)
    if (remembered.get('used') === undefined) lost++
  }
  t.equal(lost, 0)
  t.equal(remembered.get('token 0'), undefined)
  t.equal(remembered.get('token 4999'), claims)
})

t.test('refuses declared keys that are too weak or of an unsupported type', async t => {
  const weak = await exportJWK(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey)
  const curve = await exportJWK(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey)
  t.throws(() => tokensWith({ trusted: [weak] }), new Error('must have at least 2048 bits, not 1024'))
  t.throws(() => tokensWith({ trusted: [curve] }), /must be an RSA or P-256 public key, not EC P-384$/)
  t.throws(() => tokensWith({ trusted: [{ kty: 'oct', k: 'c2VjcmV0' }] }), /not oct$/)
  t.throws(() => tokensWith({ trusted: [{ kty: 'RSA', n: 'AQAB' }] }), /^is not a valid key: /)
})

t.test('requests its key once, on first use, and again only after a failure', async t => {
  let asked = 0
  const tokens = tokensWith({
    async signingKey () {
      if (++asked === 1) throw new Error('the disk is full')
      return await createSigningKey()
    }
  })
  t.equal(asked, 0)
  await t.rejects(tokens.issue(REQUEST), /disk/)
  await Promise.all([tokens.issue(REQUEST), tokens.publicKeys(), tokens.issue(REQUEST)])
  t.equal(asked, 2)
})

t.test('publishes only the public part of its key', async t => {
  const { keys } = await tokensWith().publicKeys()
  t.strictSame(keys.map(key => Object.keys(key).sort()), [['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']])
})

t.test('stores its key in the data directory, readable only by the user', async t => {
  const dataDir = join(t.testdir(), 'data')
  const made = await loadOrCreateSigningKey(dataDir, noWarning)
  t.equal((await loadOrCreateSigningKey(dataDir, noWarning)).kid, made.kid)
  t.strictSame(readdirSync(dataDir), ['signing-key'])
  t.equal(statSync(join(dataDir, 'signing-key', 'key.pem')).mode & 0o777, 0o600)
  t.equal(statSync(dataDir).mode & 0o777, 0o700)
})

t.test('knows whether a key exists without reading it', async t => {
  const dataDir = join(t.testdir(), 'data')
  t.equal(hasSigningKey(dataDir, noWarning), false)
  await loadOrCreateSigningKey(dataDir, noWarning)
  t.equal(hasSigningKey(dataDir, noWarning), true)
  t.equal(hasSigningKey(keyDirectory(t, 'this is no key'), noWarning), true)
  const taken = t.testdir({ 'signing-key': { 'key.pem': {} } })
  t.throws(() => hasSigningKey(taken, noWarning), { name: 'UsageError', message: /cannot hold azrun's signing key: .+ is not a file/ })
})

t.test('creates one key if several callers need it at the same time', async t => {
  const dataDir = t.testdir()
  const keys = await Promise.all(Array.from({ length: 20 }, () => loadOrCreateSigningKey(dataDir, noWarning)))
  t.equal(new Set(keys.map(({ kid }) => kid)).size, 1)
  t.strictSame(readdirSync(dataDir), ['signing-key'])
})

t.test('replaces a key file without a valid key and logs a warning', async t => {
  for (const content of ['', 'this is no key', rsaPem()]) {
    const dataDir = keyDirectory(t, content)
    const { warnings, warn } = collectWarnings()
    const made = await loadOrCreateSigningKey(dataDir, warn)
    t.match(readFileSync(join(dataDir, 'signing-key', 'key.pem'), 'utf8'), /^-----BEGIN PRIVATE KEY-----/)
    t.equal((await loadOrCreateSigningKey(dataDir, noWarning)).kid, made.kid)
    matchList(t, warnings, [/^the signing key in \S+ was .+; azrun has replaced it, and tokens issued before are .+$/])
  }
})

t.test('replaces a key that every user could read, and logs a warning', {
  skip: process.getuid === undefined && 'there are no modes'
}, async t => {
  const dataDir = t.testdir()
  const made = await loadOrCreateSigningKey(dataDir, noWarning)
  chmodSync(join(dataDir, 'signing-key', 'key.pem'), 0o644)
  const { warnings, warn } = collectWarnings()
  t.not((await loadOrCreateSigningKey(dataDir, warn)).kid, made.kid)
  matchList(t, warnings, [/could be read or written by every user of this machine \(mode 0644\)/])
})

t.test('reports a key that is not a file', async t => {
  const dataDir = t.testdir({ 'signing-key': { 'key.pem': {} } })
  await t.rejects(loadOrCreateSigningKey(dataDir, noWarning), {
    name: 'UsageError',
    message: `option 'dataDir' ${dataDir} cannot hold azrun's signing key: ${dataDir}/signing-key/key.pem ` +
      'is not a file: remove it'
  })
})

const skip = process.getuid?.() === 0 && 'root may write anywhere'

t.test('fails if the data directory is not writable', { skip }, async t => {
  const dataDir = t.testdir()
  chmodSync(dataDir, 0o500)
  await t.rejects(loadOrCreateSigningKey(dataDir, noWarning), { name: 'UsageError', message: /cannot hold azrun's signing key: EACCES/ })
})

/** Why a token is refused. */
async function refusal (tokens: Tokens, token: string): Promise<unknown> {
  return await tokens.verify(token).then(() => 'accepted', error => error instanceof TokenError ? error.reason : error)
}

function someClaims (): JWTPayload {
  const exp = Math.floor(Date.now() / 1000) + 3600
  return { aud: RESOURCE, iss: `https://sts.windows.net/${TENANT}/`, tid: TENANT, oid: OBJECT, exp }
}

function encoded (value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function rsaPem (): string {
  return `${generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'pem', type: 'pkcs8' })}`
}

function keyDirectory (t: Test, content: string): string {
  const dataDir = t.testdir({ 'signing-key': {} })
  writeFileSync(join(dataDir, 'signing-key', 'key.pem'), content, { mode: 0o600 })
  return dataDir
}
