import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pino } from 'pino'
import t from 'tap'
import { build, start } from '../harness/emulator.js'
import { matchList } from '../harness/match-list.js'

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))

t.test('loads @fastify/swagger when an OpenAPI document is first requested', async t => {
  const { app } = await build(t)
  await app.inject('/_emulator/health')
  await app.inject('/_emulator/docs')
  t.notOk(isLoaded('swagger'))
  t.equal((await app.inject('/_emulator/openapi/arm.json')).statusCode, 200)
  t.ok(isLoaded('swagger'))
})

t.test('returns its health: ready, the version and the certificate to trust', async t => {
  const { httpUrl, caFile } = await start(t)
  const response = await fetch(`${httpUrl}/_emulator/health`)
  t.equal(response.status, 200)
  t.match(response.headers.get('content-type'), 'application/json')
  t.strictSame(await response.json(), { status: 'ready', version, caFile })
})

t.test('responds to HEAD like GET, without the body', async t => {
  const { app } = await start(t)
  for (const url of ['/_emulator/health', '/_emulator/ca.pem', '/_emulator/openapi/arm.json']) {
    const [get, head] = [await app.inject({ url }), await app.inject({ method: 'HEAD', url })]
    t.equal(head.statusCode, 200, url)
    t.equal(head.body, '')
    t.equal(head.headers['content-length'], get.headers['content-length'])
  }
  t.equal((await app.inject({ method: 'HEAD', url: '/_emulator/docs' })).statusCode, 200)
})

t.test('has no certificate without a port', async t => {
  const { app } = await build(t)
  t.strictSame((await app.inject('/_emulator/health')).json(), { status: 'ready', version })
  t.equal((await app.inject('/_emulator/ca.pem')).statusCode, 404)
})

t.test('returns the certificate to trust as PEM', async t => {
  const { httpUrl, caFile } = await start(t)
  const response = await fetch(`${httpUrl}/_emulator/ca.pem`)
  t.equal(response.headers.get('content-type'), 'application/x-pem-file')
  t.equal(await response.text(), readFileSync(caFile, 'utf8'))
})

t.test('returns the contracts unchanged as JSON', async t => {
  const { app } = await build(t)
  for (const name of ['arm.json', 'entra.json']) {
    const response = await app.inject(`/_emulator/openapi/${name}`)
    t.equal(response.statusCode, 200)
    t.match(response.headers['content-type'], 'application/json')
    t.strictSame(response.json(), JSON.parse(readFileSync(new URL(`../../openapi/${name}`, import.meta.url), 'utf8')))
  }
})

t.test('returns the contracts as YAML', async t => {
  const { app } = await build(t)
  for (const name of ['arm', 'entra']) {
    const response = await app.inject(`/_emulator/openapi/${name}.yaml`)
    t.equal(response.headers['content-type'], 'application/yaml')
    t.match(response.body, /^openapi: 3\.0\.3\ninfo:\n {2}title: "azrun: /)
  }
})

t.test('serves its pages over plain HTTP on its port', async t => {
  const { httpUrl } = await start(t)
  const response = await fetch(`${httpUrl}/_emulator/docs`)
  t.equal(response.status, 200)
  t.match(await response.text(), '<title>')
})

t.test("refuses an unknown path in Azure's error format, with the path of the documentation", async t => {
  const { app } = await build(t)
  for (const url of ['/_emulator/nothing', '/_emulator/docs/nothing', '/_emulator/openapi', '/_emulator/docs/..%2f..%2fpackage.json']) {
    const response = await app.inject(url)
    t.equal(response.statusCode, 404, url)
    t.match(response.json(), { error: { code: 'NotFound', message: /\/_emulator\/docs/ } }, url)
    t.strictSame(Object.keys(response.json()), ['error'], url)
  }
})

t.test('requires no api-version and no token, but refuses requests from web pages', async t => {
  const { app } = await build(t)
  t.equal((await app.inject('/_emulator/health')).statusCode, 200)
  for (const url of ['/_emulator/', '/_emulator/health', '/_emulator/docs', '/_emulator/openapi/arm.json']) {
    const response = await app.inject({ url, headers: { origin: 'https://example.com' } })
    t.equal(response.statusCode, 403, url)
    t.equal(response.json().error.code, 'RequestRefused', url)
  }
})

/** Whether a CommonJS package of node_modules is loaded in this process. */
function isLoaded (name: string): boolean {
  return Object.keys(createRequire(import.meta.url).cache).some(file => file.includes(`/node_modules/@fastify/${name}/`))
}

t.test('refuses an unsupported method with the supported ones, before it reads the body', async t => {
  const { app } = await start(t)
  const pages = ['', '/', '/health', '/ca.pem', '/openapi/arm.json', '/docs', '/docs/', '/docs/entra', '/HEALTH/']
  for (const page of pages) {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND', 'MKCOL', 'PURGE']) {
      const headers = { 'content-type': 'application/json' }
      const response = await app.inject({ method: method as 'GET', url: `/_emulator${page}`, headers, payload: '{' })
      t.equal(response.statusCode, 405, `${method} ${page}`)
      t.equal(response.headers['allow'], 'GET, HEAD')
      t.strictSame(response.json(), {
        error: { code: 'MethodNotAllowed', message: `this path does not support the method ${method}: use GET or HEAD` }
      })
    }
    t.equal((await app.inject(`/_emulator${page}`)).statusCode, 200, page)
  }
  for (const method of ['GET', 'HEAD', 'POST', 'PROPFIND']) {
    t.equal((await app.inject({ method: method as 'GET', url: '/_emulator/nothing', payload: '{' })).statusCode, 404, method)
  }
})

t.test('the error for an unknown path names the nearest one of the API', async t => {
  const emulator = await build(t)
  for (const [path, near] of [['/scenario', '/scenarios'], ['/scenarios/x/y', undefined], ['/Virtualmachine/s/rg/vm', '/virtualMachines/s/rg/vm']]) {
    const { statusCode, body } = await emulator.app.inject({ method: 'PUT', url: `/_emulator${path}` })
    const hint = near === undefined ? ':' : `; did you mean '/_emulator${near}'?`
    t.strictSame([statusCode, body.includes(`azrun has nothing at '/_emulator${path}'${hint} /_emulator/docs/admin lists the paths`)], [404, true])
  }
})

t.test('refuses a path with malformed escapes in its own form, whatever the method', async t => {
  const { app, httpUrl } = await start(t)
  for (const [path, url = path] of [['/_emulator/%zz'], ['/_EMULATOR/scenarios/50%'], ['//_emulator/%ff', '/_emulator/%ff']] as const) {
    for (const method of ['GET', 'DELETE', 'PROPFIND'] as const) {
      const { statusCode, headers, body } = await app.inject({ method: method as 'GET', url: `${path}?a=b` })
      t.equal(statusCode, 400)
      t.ok(headers.date)
      t.strictSame(JSON.parse(body), {
        error: { code: 'BadRequest', message: `the path '${url}' must be percent-encoded UTF-8: write a percent sign as %25` }
      })
    }
  }
  const response = await fetch(`${httpUrl}/_emulator/requests/%`)
  t.match(await response.json(), { error: { code: 'BadRequest' } })
  t.match((await app.inject('/%zz')).json(), { error: { code: 'InvalidRequestUri' } }, 'another path has the error of Azure')
})

t.test('logs each of its 4xx responses as an error response', async t => {
  const events: object[] = []
  const logger = pino({ level: 'info' }, { write: line => { events.push(JSON.parse(line)) } })
  const { app } = await build(t, { logger })
  await app.inject('/_emulator/nothing')
  await app.inject({ method: 'PUT', url: '/_emulator/health' })
  await app.inject({ method: 'PROPFIND' as 'GET', url: '/_emulator/health' })
  await app.inject({ url: '/_emulator/health', headers: { origin: 'https://example.com' } })
  await app.inject({ url: '/_emulator/docs', headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'iframe' } })
  await app.inject('/_emulator/health')
  const event = { level: 30, msg: 'error response', method: 'GET' }
  matchList(t, events, [
    { ...event, url: '/_emulator/nothing', status: 404, code: 'NotFound', reason: /^azrun has nothing at '\/_emulator\/nothing': / },
    { ...event, method: 'PUT', url: '/_emulator/health', status: 405, code: 'MethodNotAllowed', reason: /^this path/ },
    { ...event, method: 'PROPFIND', url: '/_emulator/health', status: 405, code: 'MethodNotAllowed', reason: /^this path/ },
    { ...event, url: '/_emulator/health', status: 403, code: 'RequestRefused', reason: /^azrun refuses/ },
    { ...event, url: '/_emulator/docs', status: 403, code: 'Forbidden', reason: /^other web pages/ }
  ])
})

t.test('logs the operation of a request to the API, and no operation for a page', async t => {
  const events: object[] = []
  const logger = pino({ level: 'debug' }, { write: line => { events.push(JSON.parse(line)) } })
  const { app } = await build(t, { logger })
  await app.inject('/_emulator/state')
  await app.inject('/_emulator/health')
  matchList(t, events, [{ url: '/_emulator/state', operation: 'State_Get' }, { url: '/_emulator/health', operation: undefined }])
})

t.test('accepts paths in any case and with a trailing slash, and decodes a slash in a name', async t => {
  const { app } = await build(t)
  const payload = JSON.stringify({ name: 'A/b', do: [{ delay: { ms: 1 } }] })
  t.equal((await app.inject({ method: 'PUT', url: '/_EMULATOR/Scenarios/A%2Fb/', payload })).statusCode, 201)
  matchList(t, (await app.inject('/_emulator/scenarios?name=A%2Fb')).json().value, [{ name: 'A/b' }])
  t.equal((await app.inject({ method: 'DELETE', url: '/_emulator/scenarios/A/b' })).statusCode, 404)
  t.equal((await app.inject('/_emulator/docs%2Fentra')).statusCode, 404)
})
