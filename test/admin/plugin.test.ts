import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import t from 'tap'
import { build, start } from '../harness/emulator.js'

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
const document = JSON.parse(readFileSync(new URL('../../openapi/arm.json', import.meta.url), 'utf8'))

t.test('loads the documentation page on its first request', async t => {
  const untouched = await start(t)
  await untouched.app.inject('/_emulator/health')
  // Closing would wait for the page if it were loading.
  await untouched.close()
  t.notOk(isLoaded('swagger-ui'))
  const { app } = await build(t)
  t.equal((await app.inject('/_emulator/docs')).statusCode, 200)
  t.ok(isLoaded('swagger-ui'))
})

t.test('reports that it is ready, its version and the certificate to trust', async t => {
  const { httpUrl, caFile } = await start(t)
  const response = await fetch(`${httpUrl}/_emulator/health`)
  t.equal(response.status, 200)
  t.match(response.headers.get('content-type'), 'application/json')
  t.strictSame(await response.json(), { status: 'ready', version, caFile })
})

t.test('responds to HEAD as to GET, without the body', async t => {
  const { app } = await start(t)
  for (const url of ['/_emulator/health', '/_emulator/ca.pem', '/_emulator/openapi/arm.json']) {
    const [get, head] = [await app.inject({ url }), await app.inject({ method: 'HEAD', url })]
    t.equal(head.statusCode, 200, url)
    t.equal(head.body, '')
    t.equal(head.headers['content-length'], get.headers['content-length'])
  }
  t.equal((await app.inject({ method: 'HEAD', url: '/_emulator/docs' })).statusCode, 200)
})

t.test('has no certificate if it has no port', async t => {
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

t.test('returns the contracts as they are in openapi/', async t => {
  const { app } = await build(t)
  for (const name of ['arm.json', 'entra.json']) {
    const response = await app.inject(`/_emulator/openapi/${name}`)
    t.equal(response.statusCode, 200)
    t.match(response.headers['content-type'], 'application/json')
    t.strictSame(response.json(), JSON.parse(readFileSync(new URL(`../../openapi/${name}`, import.meta.url), 'utf8')))
  }
})

t.test('serves a page that shows the contract, and everything that the page loads', async t => {
  const { app } = await build(t)
  const page = await app.inject('/_emulator/docs')
  t.equal(page.statusCode, 200)
  t.match(page.headers['content-type'], 'text/html')
  const links = [...page.body.matchAll(/(?:href|src)="(\.?\/[^"]+)"/g)].map(([, link]) => link!)
  t.ok(links.length > 3)
  for (const link of links) {
    const { pathname } = new URL(link, 'http://localhost/_emulator/docs/')
    t.equal((await app.inject(pathname)).statusCode, 200, pathname)
  }
  t.strictSame((await app.inject('/_emulator/docs/json')).json(), document)
})

t.test('serves the page over plain HTTP on its port', async t => {
  const { httpUrl } = await start(t)
  const response = await fetch(`${httpUrl}/_emulator/docs`)
  t.equal(response.status, 200)
  t.match(await response.text(), '<title>')
})

t.test("responds to an unknown path with Azure's error envelope, which names the pages that exist", async t => {
  const { app } = await build(t)
  for (const url of ['/_emulator', '/_emulator/', '/_emulator/nothing', '/_emulator/docs/nothing',
    '/_emulator/openapi', '/_emulator/docs/static/..%2f..%2fpackage.json']) {
    const response = await app.inject(url)
    t.equal(response.statusCode, 404, url)
    t.match(response.json(), { error: { code: 'NotFound', message: /\/_emulator\/docs/ } }, url)
    t.strictSame(Object.keys(response.json()), ['error'], url)
  }
})

t.test('requires no api-version and no token, but refuses requests from web pages', async t => {
  const { app } = await build(t)
  t.equal((await app.inject('/_emulator/health')).statusCode, 200)
  for (const url of ['/_emulator/health', '/_emulator/docs', '/_emulator/openapi/arm.json']) {
    const { statusCode } = await app.inject({ url, headers: { origin: 'https://example.com' } })
    t.equal(statusCode, 403, url)
  }
})

t.test('closes after the documentation page has loaded, and while it is loading', async t => {
  const shown = await build(t)
  await shown.app.inject('/_emulator/docs')
  await shown.close()
  const loading = await start(t)
  const page = fetch(`${loading.httpUrl}/_emulator/docs`)
  await new Promise(resolve => loading.app.server.once('request', resolve))
  await loading.close()
  t.equal((await page).status, 200)
})

/** Whether a CommonJS package of node_modules is loaded in this process. */
function isLoaded (name: string): boolean {
  return Object.keys(createRequire(import.meta.url).cache).some(file => file.includes(`/node_modules/@fastify/${name}/`))
}

t.test('tells which methods a page supports, before it reads a body', async t => {
  const { app } = await start(t)
  const pages = ['/health', '/ca.pem', '/openapi/arm.json', '/docs', '/docs/', '/docs/static/swagger-ui.css', '/HEALTH/']
  for (const page of pages) {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'] as const) {
      const headers = { 'content-type': 'application/json' }
      const response = await app.inject({ method, url: `/_emulator${page}`, headers, payload: '{' })
      t.equal(response.statusCode, 405, `${method} ${page}`)
      t.equal(response.headers['allow'], 'GET, HEAD')
      t.strictSame(response.json(), {
        error: { code: 'MethodNotAllowed', message: `This page does not support the method ${method}. Use GET or HEAD.` }
      })
    }
    t.equal((await app.inject(`/_emulator${page}`)).statusCode, 200, page)
  }
  t.equal((await app.inject({ method: 'POST', url: '/_emulator/nothing' })).statusCode, 404)
})
