import { createHmac, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { SignJWT, calculateJwkThumbprint, decodeJwt, exportJWK, type JWTPayload } from 'jose'
import t, { type Test } from 'tap'
import { readDocument, routesOf } from '../../src/http/openapi.js'
import { VirtualClock, type Emulator, type EmulatorOptions } from '../../src/index.js'
import { build, runCommand, runCommandUrl, start, SUBSCRIPTION } from '../harness/emulator.js'
import { exchange } from '../harness/wire.js'

const TENANT = '8d320c27-1b6c-4a6c-b0c0-6b3b0e2d9f51'
const CLIENT = '5a1c3e0b-7e2f-4c55-9d57-2f6f9d0c1a11'
const ARM = 'https://management.azure.com'
const BODY = { commandId: 'RunShellScript', script: ['echo hi'] }
const subscriptions = [{ subscriptionId: SUBSCRIPTION, tenantId: TENANT }]

/** An emulator that checks tokens. */
async function strict (t: Test, options: EmulatorOptions = {}): Promise<Emulator> {
  return await build(t, { auth: 'strict', subscriptions, ...options })
}

/** A token from the token endpoint. */
async function tokenOf ({ app }: Emulator, { tenant = TENANT, resource = ARM, client = CLIENT } = {}): Promise<string> {
  const form = { grant_type: 'client_credentials', client_id: client, client_secret: 'secret', scope: `${resource}/.default` }
  const response = await app.inject({
    method: 'POST',
    url: `/${tenant}/oauth2/v2.0/token`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: `${new URLSearchParams(form)}`
  })
  return response.json().access_token
}

async function send (emulator: Emulator, token: string, options: Parameters<typeof runCommand>[2] = {}) {
  return await runCommand(emulator, BODY, { ...options, headers: { authorization: `Bearer ${token}` } })
}

function base64 (value: unknown): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
}

t.test('any: requires a bearer token, and accepts every one', async t => {
  const emulator = await build(t)
  t.equal((await send(emulator, 'anything')).statusCode, 202)
  const { statusCode, json } = await runCommand(emulator, BODY, { headers: { authorization: '' } })
  t.match({ statusCode, error: json().error }, { statusCode: 401, error: { code: 'AuthenticationFailed' } })
})

t.test('a scenario responds with its error to any token, even one whose claims are objects', async t => {
  const emulator = await build(t)
  const odd = { toString: 1, valueOf: 1 }
  const token = `${base64({ alg: 'none' })}.${base64({ oid: odd, tid: odd, aud: odd, exp: odd, appid: odd })}.`
  const headers = { authorization: `Bearer ${token}`, prefer: 'scenario=forbidden' }
  const { statusCode, json } = await runCommand(emulator, BODY, { headers })
  t.match({ statusCode, error: json().error }, { statusCode: 403, error: { code: 'AuthorizationFailed' } })
})

t.test('off: requires no token', async t => {
  const { app } = await build(t, { auth: 'off' })
  const response = await app.inject(`/subscriptions/${SUBSCRIPTION}?api-version=2022-12-01`)
  t.equal(response.statusCode, 200)
})

t.test('strict: accepts a token that it issued, for every audience of Resource Manager', async t => {
  const emulator = await strict(t)
  const resources = [ARM, 'https://management.core.windows.net/', 'https://management.usgovcloudapi.net', 'http://localhost:80']
  for (const [index, resource] of resources.entries()) {
    const { statusCode } = await send(emulator, await tokenOf(emulator, { resource }), { vmName: `vm${index}` })
    t.equal(statusCode, 202, resource)
  }
})

t.test("strict: refuses a token that it did not issue, with Azure's body and challenge", async t => {
  const emulator = await strict(t)
  const good = await tokenOf(emulator)
  const [header, payload, signature] = good.split('.') as [string, string, string]
  const foreign = await tokenOf(await strict(t))
  const bad = {
    'not a JWT': 'anything',
    'another emulator': foreign,
    'another emulator under this kid': `${header}.${foreign.split('.').slice(1).join('.')}`,
    'no signature': `${header}.${payload}.`,
    'another signature': `${header}.${payload}.${signature.slice(0, -8)}AAAAAAAA`,
    'other claims': `${header}.${base64({ ...decodeJwt(good), oid: SUBSCRIPTION })}.${signature}`,
    none: `${base64({ alg: 'none', typ: 'JWT' })}.${payload}.`,
    None: `${base64({ ...JSON.parse(`${Buffer.from(header, 'base64url')}`), alg: 'None' })}.${payload}.`,
    'empty parts': '..',
    huge: `${header}.${'A'.repeat(10_000)}.${signature}`
  }
  for (const [what, token] of Object.entries(bad)) {
    const response = await send(emulator, token)
    t.equal(response.statusCode, 401, what)
    t.equal(response.body, '{"error":{"code":"InvalidAuthenticationToken","message":"The access token is invalid."}}', what)
    t.match(response.headers['www-authenticate'],
      `Bearer authorization_uri="https://login.windows.net/${TENANT}", error="invalid_token", error_description=`)
  }
})

t.test('strict: does not accept the public key as an HMAC key', async t => {
  const emulator = await strict(t)
  const good = await tokenOf(emulator)
  const { keys: [jwk] } = (await emulator.app.inject(`/${TENANT}/discovery/v2.0/keys`)).json()
  const pem = createPublicKey({ key: jwk, format: 'jwk' }).export({ format: 'pem', type: 'spki' }).toString()
  for (const alg of ['HS256', 'HS384', 'HS512']) {
    const signed = `${base64({ alg, typ: 'JWT', kid: jwk.kid })}.${good.split('.')[1]}`
    for (const secret of [pem, pem.trim(), JSON.stringify(jwk), jwk.x, Buffer.from(jwk.x, 'base64url')]) {
      const mac = createHmac(alg.replace('HS', 'sha'), secret).update(signed).digest('base64url')
      t.equal((await send(emulator, `${signed}.${mac}`)).statusCode, 401, alg)
    }
  }
})

t.test("strict: refuses an expired token with Azure's error, which has the expiry", async t => {
  const clock = new VirtualClock(new Date('2023-03-19T07:50:46Z'))
  const emulator = await strict(t, { clock })
  const token = await tokenOf(emulator)
  const { exp } = decodeJwt(token) as { exp: number }
  const expiry = new Date(exp * 1000)
  await clock.advance(24 * 60 * 60 * 1000)
  const response = await send(emulator, token)
  t.equal(response.statusCode, 401)
  const shown = (date: Date) => date.toLocaleString('en-US', { timeZone: 'UTC' }).replace(',', '').replaceAll('\u202f', ' ')
  t.same(response.json().error, {
    code: 'ExpiredAuthenticationToken',
    message: `The access token expiry UTC time '${shown(expiry)}' is earlier than current UTC time '3/20/2023 7:50:46 AM'.`
  })
  t.match(response.headers['www-authenticate'], 'The access token has expired.')
})

t.test('strict: refuses a token for another resource or from another tenant', async t => {
  const emulator = await strict(t)
  const forGraph = await send(emulator, await tokenOf(emulator, { resource: 'https://graph.microsoft.com' }))
  t.match(forGraph.json().error, {
    code: 'InvalidAuthenticationTokenAudience',
    message: "The access token has been obtained for wrong audience or resource 'https://graph.microsoft.com'. It should "
  })
  const otherTenant = '11111111-1111-4111-8111-111111111111'
  const fromOtherTenant = await send(emulator, await tokenOf(emulator, { tenant: otherTenant }))
  t.match(fromOtherTenant.json().error, {
    code: 'InvalidAuthenticationTokenTenant',
    message: `The access token is from the wrong issuer 'https://sts.windows.net/${otherTenant}/'. It must match the tenant ` +
      `'https://sts.windows.net/${TENANT}/' associated with this subscription.`
  })
  const token = await tokenOf(emulator, { tenant: otherTenant })
  const { statusCode } = await send(emulator, token, { subscriptionId: otherTenant })
  t.equal(statusCode, 202, 'an undeclared subscription accepts any tenant')
  for (const { statusCode, headers } of [forGraph, fromOtherTenant]) {
    t.equal(statusCode, 401)
    t.ok(headers['www-authenticate'])
  }
})

t.test("strict: refuses a token for another Azure host, even if the request's Host is that host", async t => {
  const emulator = await strict(t)
  for (const host of ['graph.microsoft.com', 'management.azure.com']) {
    const authorization = `Bearer ${await tokenOf(emulator, { resource: 'http://graph.microsoft.com' })}`
    const response = await runCommand(emulator, BODY, { headers: { host, authorization } })
    t.match(response.json().error, { code: 'InvalidAuthenticationTokenAudience' }, host)
  }
})

t.test('strict: identifies a trusted key without an id by its thumbprint', async t => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = await exportJWK(publicKey)
  const now = Math.floor(Date.now() / 1000)
  const token = await new SignJWT({ aud: ARM, iss: 'https://sts.windows.net/', tid: TENANT, oid: CLIENT, exp: now + 60 })
    .setProtectedHeader({ alg: 'ES256', kid: await calculateJwkThumbprint(jwk) }).sign(privateKey)
  t.equal((await send(await strict(t, { trustedKeys: [{ ...jwk, kty: 'EC' }] }), token)).statusCode, 202)
})

t.test('strict: accepts a token signed with a trusted key, and refuses one signed with another key', async t => {
  const now = Math.floor(Date.now() / 1000)
  const claims = { aud: ARM, iss: `https://sts.windows.net/${TENANT}/`, tid: TENANT, oid: CLIENT, iat: now, nbf: now, exp: now + 60 }
  const sign = async (privateKey: Parameters<SignJWT['sign']>[0], kid: string, payload: JWTPayload) =>
    await new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid }).sign(privateKey)
  const mine = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const emulator = await strict(t, { trustedKeys: [{ ...await exportJWK(mine.publicKey), kty: 'RSA', kid: 'mine' }] })
  t.equal((await send(emulator, await sign(mine.privateKey, 'mine', claims))).statusCode, 202)
  t.equal((await send(emulator, await sign(other.privateKey, 'mine', claims))).statusCode, 401)
  t.equal((await send(emulator, await sign(other.privateKey, 'other', claims))).statusCode, 401)
  const { exp, ...endless } = claims
  t.equal((await send(emulator, await sign(mine.privateKey, 'mine', endless))).statusCode, 401, 'without an expiry')
})

t.test('strict: accepts a token from another emulator only if both have the same data directory', async t => {
  const dataDir = t.testdir()
  const first = await start(t, { auth: 'strict', subscriptions, dataDir })
  const token = await tokenOf(first)
  t.equal((await send(await start(t, { auth: 'strict', subscriptions, dataDir }), token)).statusCode, 202)
  t.equal((await send(await start(t, { auth: 'strict', subscriptions, dataDir: t.testdir({}) + '/other' }), token)).statusCode, 401)
})

t.test('refuses a principal without permission before it checks whether the machine exists', async t => {
  for (const auth of ['any', 'strict'] as const) {
    const reader = { principalId: SUBSCRIPTION, actions: ['*/read'] }
    const emulator = await build(t, { auth, strict: true, subscriptions, roleAssignments: [reader] })
    const token = await tokenOf(emulator)
    const { oid } = decodeJwt(token) as { oid: string }
    const response = await send(emulator, token)
    t.equal(response.statusCode, 403)
    const scope = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm`
    t.equal(response.json().error.message, `The client '${CLIENT}' with object id '${oid}' does not have authorization to perform ` +
      `action 'Microsoft.Compute/virtualMachines/runCommand/action' over scope '${scope}' or the scope is invalid. ` +
      'If access was recently granted, please refresh your credentials.')
  }
})

t.test('the refusal of a list or a registration names the scope above it', async t => {
  // Recorded: azure-sdk-for-net #1157, azure-sdk-for-go #3117; terraform #18180; aztfexport #54; vagrant-azure #164.
  const emulator = await build(t, { roleAssignments: [{ principalId: SUBSCRIPTION, actions: ['*'] }], logLevel: 'silent' })
  const authorization = `Bearer ${base64({ alg: 'none' })}.${base64({ aud: ARM, oid: CLIENT })}.`
  const subscription = `/subscriptions/${SUBSCRIPTION}`
  const compute = 'providers/Microsoft.Compute'
  const machine = `${subscription}/resourceGroups/rg/${compute}/virtualMachines/vm`
  for (const [url, scope, method = 'GET'] of [
    [`${subscription}/resourceGroups/rg/${compute}/virtualMachines`, `${subscription}/resourceGroups/rg/${compute}`],
    [`${subscription}/resourceGroups/rg/resources`, `${subscription}/resourceGroups/rg`],
    [`${subscription}/resourcegroups/rg`, `${subscription}/resourcegroups/rg`],
    [`${subscription}/providers`, subscription],
    [`${subscription}/${compute}`, subscription],
    [`${subscription}/${compute}/register`, subscription, 'POST'],
    [`${subscription}/${compute}/locations/westus/runCommands`, subscription],
    [`${subscription}/${compute}/virtualMachines`, subscription],
    [`${subscription}/resources`, subscription],
    [machine, machine],
    [`${machine}/instanceView`, machine],
    [`${machine}/start`, machine, 'POST'],
    [`${machine}/runCommands`, machine]
  ] as const) {
    const query = '?api-version=2024-07-01'
    const response = await emulator.app.inject({ method, url: `${url}${query}`, headers: { authorization } })
    t.equal(/over scope '(.*)' or the scope is invalid/.exec(response.json().error.message)?.[1], scope, url)
  }
})

t.test('the refusal names a user by its user name, and an application by its id', async t => {
  // Recorded: azure-powershell #12115 and azure-cli #30789 (a `unique_name` of live.com).
  const emulator = await build(t, { roleAssignments: [{ principalId: SUBSCRIPTION, actions: ['*'] }] })
  const user = { oid: CLIENT, appid: SUBSCRIPTION, upn: 'user@contoso.com', unique_name: 'live.com#user@contoso.com' }
  for (const [claims, client] of [
    [user, 'user@contoso.com'],
    [{ ...user, upn: undefined }, 'live.com#user@contoso.com'],
    [{ ...user, upn: undefined, unique_name: undefined }, SUBSCRIPTION],
    [{ oid: CLIENT }, CLIENT]
  ] as const) {
    const response = await send(emulator, `${base64({ alg: 'none' })}.${base64({ aud: ARM, ...claims })}.`)
    t.match(response.json().error.message, `The client '${client}' with object id '${CLIENT}' does not`)
  }
})

t.test('closes the connection after a refusal, which a client with a large body also receives', async t => {
  // Recorded: azure-cli #30789.
  const emulator = await start(t, { roleAssignments: [{ principalId: SUBSCRIPTION, actions: ['*'] }] })
  const authorization = `Bearer ${base64({ alg: 'none' })}.${base64({ aud: ARM, oid: CLIENT })}.`
  const headers = { authorization, 'Content-Type': 'application/json' }
  for (const body of ['{}', `{"commandId":"RunShellScript","script":["${'#'.repeat(3_000_000)}"]}`]) {
    const response = await exchange(emulator, `${emulator.httpUrl}${runCommandUrl()}`, { method: 'POST', headers, body })
    t.equal(response.status, 403)
    t.equal(response.headers['connection'], 'close')
    t.notOk('keep-alive' in response.headers)
    t.match(`${response.body}`, '"code":"AuthorizationFailed"')
  }
})

t.test('allows a principal the actions of its role assignments, at their scope and below', async t => {
  const objectId = '3f0f2a30-8a7c-4a3e-9d0a-5b1c5b0c7e21'
  const emulator = await build(t, {
    subscriptions,
    servicePrincipals: [{ clientId: CLIENT, clientSecret: 'secret', objectId }],
    roleAssignments: [
      { principalId: objectId, scope: `/subscriptions/${SUBSCRIPTION}/resourceGroups/RG/`, actions: ['Microsoft.Compute/*'] },
      { principalId: objectId, actions: ['*/read'] }
    ]
  })
  const token = await tokenOf(emulator)
  t.equal((await send(emulator, token, { resourceGroup: 'rg' })).statusCode, 202)
  t.equal((await send(emulator, token, { resourceGroup: 'rg2' })).statusCode, 403, 'a scope does not include a group whose name only starts the same')
  const read = await emulator.app.inject({
    url: `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg2/providers/Microsoft.Compute/virtualMachines/vm?api-version=2024-03-01`,
    headers: { authorization: `Bearer ${token}` }
  })
  t.equal(read.statusCode, 200)
})

t.test('refuses each action without its own permission, however the path is written', async t => {
  const guarded = routesOf(readDocument('arm.json'))
    .map(({ path, method, operation }) => ({ path, method, action: operation['x-azrun-action'] as string | undefined }))
    .map(({ action, ...route }) => ({ ...route, action: action?.replace('{resourceProviderNamespace}', 'x') }))
    .filter(({ action }) => action !== undefined)
  const actions = [...new Set(guarded.map(({ action }) => action!))]
  const principals = actions.map((_, index) => `00000000-0000-0000-0000-${`${index}`.padStart(12, '0')}`)
  const roleAssignments = actions.map((action, index) => ({ principalId: principals[index]!, actions: [action] }))
  const { app } = await build(t, { roleAssignments, apiVersions: 'any', logLevel: 'silent' })
  for (const { path, method, action } of guarded) {
    const owner = actions.indexOf(action!)
    const plain = path.replace('{subscriptionId}', SUBSCRIPTION).replace('{instanceId}', '0').replaceAll(/\{\w+\}/g, 'x')
    const statusFor = async (principal: string, url: string) => {
      const token = `${base64({ alg: 'none' })}.${base64({ aud: ARM, oid: principal })}.`
      const headers = { authorization: `Bearer ${token}` }
      return (await app.inject({ method: method as 'GET', url: `${url}?api-version=2024-07-01`, headers })).statusCode
    }
    t.not(await statusFor(principals[owner]!, plain), 403, `${method} ${path}`)
    const other = principals[(owner + 1) % principals.length]!
    const escaped = plain.replace(/\w$/, end => `%${end.charCodeAt(0).toString(16)}`)
    for (const url of [plain, plain.toUpperCase(), plain.toLowerCase(), `${plain}/`, escaped]) {
      t.equal(await statusFor(other, url), 403, `${method} ${url}`)
    }
  }
})

t.test('requires a token with the id of its principal if there are role assignments', async t => {
  const emulator = await build(t, { roleAssignments: [{ principalId: SUBSCRIPTION, actions: ['*'] }] })
  t.match((await send(emulator, 'opaque')).json().error, { code: 'InvalidAuthenticationToken', message: 'The access token is invalid.' })
  const nameless = `${base64({ alg: 'none' })}.${base64({ aud: ARM })}.`
  const response = await send(emulator, nameless)
  const { error } = response.json()
  t.match(response.headers['www-authenticate'], 'error="invalid_token"')
  t.match(error.message, "at least one of the claims 'puid' or 'altsecid' or 'oid' should be present")
})
