import { Writable } from 'node:stream'
import pino from 'pino'
import t from 'tap'
import { adminOperations, callAdmin } from '../harness/admin.js'
import { build, runCommandUrl, start } from '../harness/emulator.js'
import { pageOf, tokenOf } from '../harness/pages.js'
import { exchange } from '../harness/wire.js'

const TOKEN = 'a.secret~of-this_azrun+/=='

t.test('every operation of the API requires the token; health and the contract do not', async t => {
  const emulator = await build(t, { adminToken: TOKEN })
  for (const { method, url } of adminOperations) {
    for (const authorization of ['', 'Bearer', `Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(0, -1)}`, `Basic ${TOKEN}`, 'Bearer any']) {
      const { status, body, headers } = await callAdmin(emulator, method, url, method === 'GET' ? undefined : {}, { authorization })
      t.equal(status, 401, `${method} ${url} ${authorization}`)
      t.match(body, { error: { code: 'Unauthorized', message: /--admin-token/ } })
      t.match(headers['www-authenticate'], /^Bearer realm="azrun"/)
    }
  }
  t.equal((await callAdmin(emulator, 'GET', '/state', undefined, { authorization: `bearer ${TOKEN}` })).status, 200)
  t.equal((await callAdmin(emulator, 'GET', '/health')).status, 200)
  t.equal((await callAdmin(emulator, 'GET', '/openapi/admin.json')).status, 200)
})

t.test('an emulator on loopback requires no token by default', async t => {
  t.equal((await callAdmin(await build(t), 'GET', '/state')).status, 200)
  t.equal((await start(t)).adminToken, undefined)
})

t.test('an emulator on other addresses generates a new token each time, unless it is given one', async t => {
  const emulators = [await start(t, { host: '0.0.0.0' }), await start(t, { host: '0.0.0.0' })]
  const [one, other] = emulators.map(({ adminToken }) => adminToken)
  t.match(one, /^[\w-]{43}$/)
  t.not(one, other)
  const { httpUrl, adminToken } = emulators[0]!
  t.equal((await fetch(`${httpUrl}/_emulator/state`)).status, 401)
  t.equal((await fetch(`${httpUrl}/_emulator/state`, { headers: { authorization: `Bearer ${adminToken}` } })).status, 200)
  t.equal((await start(t, { host: '0.0.0.0', adminToken: TOKEN })).adminToken, TOKEN)
})

t.test("azrun's pages need no token in a browser on the same machine, and need it elsewhere", async t => {
  const emulator = await build(t, { adminToken: TOKEN })
  const headers = { host: 'localhost:10900', origin: 'http://localhost:10900', 'x-azrun-page': await tokenOf(emulator) }
  const from = async (remoteAddress: string, more = {}) =>
    (await emulator.app.inject({ url: '/_emulator/state', headers: { ...headers, ...more }, remoteAddress })).statusCode
  for (const address of ['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1']) t.equal(await from(address), 200, address)
  for (const address of ['10.0.0.1', '::ffff:10.0.0.1', 'fe80::1', '172.17.0.1']) t.equal(await from(address), 401, address)
  t.equal(await from('10.0.0.1', { authorization: `Bearer ${TOKEN}` }), 200)
  t.match(await pageOf(emulator, '/_emulator/docs/admin'), 'name="Authorization"')
  t.notMatch(await pageOf(await build(t), '/_emulator/docs/admin'), 'name="Authorization"')
})

t.test("accepts a GET from azrun's page without Origin, which browsers omit for the same origin", async t => {
  const { app, ...emulator } = await build(t, { adminToken: TOKEN })
  const page = { host: 'localhost:10900', 'x-azrun-page': await tokenOf({ app, ...emulator }) }
  const from = async (headers: Record<string, string>, method: 'GET' | 'POST' = 'GET') =>
    (await app.inject({ method, url: method === 'GET' ? '/_emulator/state' : '/_emulator/reset', headers })).statusCode
  t.equal(await from(page), 200)
  t.equal(await from({ ...page, 'x-azrun-page': 'a'.repeat(43) }), 401)
  t.equal(await from({ host: page.host }), 401)
  t.equal(await from(page, 'POST'), 401)
})

t.test('accepts a page on the same machine over TLS and plain HTTP', async t => {
  const emulator = await start(t, { adminToken: TOKEN })
  for (const origin of [emulator.url, emulator.httpUrl]) {
    const headers = { Origin: origin, 'X-Azrun-Page': await tokenOf(emulator) }
    t.equal((await exchange(emulator, `${origin}/_emulator/state`, { headers })).status, 200)
    t.equal((await exchange(emulator, `${origin}/_emulator/state`, {})).status, 401)
  }
})

t.test('every operation of the API refuses a web page, even with the token', async t => {
  const emulator = await build(t, { adminToken: TOKEN })
  for (const { method, url } of adminOperations) {
    const headers = { origin: 'https://evil.example', authorization: `Bearer ${TOKEN}` }
    t.match(await callAdmin(emulator, method, url, method === 'GET' ? undefined : {}, headers),
      { status: 403, body: { error: { code: 'RequestRefused' } } }, `${method} ${url}`)
  }
})

t.test('pages, logs, state and health never contain the token', async t => {
  let log = ''
  const logger = pino({ level: 'trace' }, new Writable({ write (chunk, _encoding, done) { log += chunk; done() } }))
  const emulator = await build(t, { adminToken: TOKEN, logger })
  const headers = { authorization: `Bearer ${TOKEN}` }
  const { app } = emulator
  const paths = { '/': 200, '/health': 200, '/docs': 200, '/docs/admin': 200, '/state': 200, '/none': 404 }
  const bodies = await Promise.all(Object.entries(paths).map(async ([path, status]) => {
    const response = await app.inject({ url: `/_emulator${path}`, headers: { ...headers, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' } })
    t.equal(response.statusCode, status, path)
    return response.body
  }))
  await app.inject({ method: 'POST', url: runCommandUrl(), headers: {} })
  t.ok(log.length > 0)
  for (const text of [...bodies, log]) t.notMatch(text, TOKEN)
})
