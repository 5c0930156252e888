import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import t from 'tap'
import { build, start } from './helper.js'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const document = JSON.parse(readFileSync(new URL('../openapi/arm.json', import.meta.url), 'utf8'))

t.test('loads the documentation page when somebody first looks at it', async t => {
  const untouched = await start(t)
  await untouched.app.inject('/_emulator/health')
  // Which would wait for the page if it were being loaded.
  await untouched.close()
  t.notOk(isLoaded('swagger-ui'))
  const { app } = await build(t)
  t.equal((await app.inject('/_emulator/docs')).statusCode, 200)
  t.ok(isLoaded('swagger-ui'))
})

t.test('says that it is ready, of which version, and which certificate to trust', async t => {
  const { httpUrl, caFile } = await start(t)
  const response = await fetch(`${httpUrl}/_emulator/health`)
  t.equal(response.status, 200)
  t.match(response.headers.get('content-type'), 'application/json')
  t.strictSame(await response.json(), { status: 'ready', version, caFile })
})

t.test('has no certificate where it has no port', async t => {
  const { app } = await build(t)
  t.strictSame((await app.inject('/_emulator/health')).json(), { status: 'ready', version })
  t.equal((await app.inject('/_emulator/ca.pem')).statusCode, 404)
})

t.test('gives the certificate to trust as PEM', async t => {
  const { httpUrl, caFile } = await start(t)
  const response = await fetch(`${httpUrl}/_emulator/ca.pem`)
  t.equal(response.headers.get('content-type'), 'application/x-pem-file')
  t.equal(await response.text(), readFileSync(caFile, 'utf8'))
})

t.test('gives the contracts as they lie in openapi/', async t => {
  const { app } = await build(t)
  for (const name of ['arm.json', 'entra.json']) {
    const response = await app.inject(`/_emulator/openapi/${name}`)
    t.equal(response.statusCode, 200)
    t.match(response.headers['content-type'], 'application/json')
    t.strictSame(response.json(), JSON.parse(readFileSync(new URL(`../openapi/${name}`, import.meta.url), 'utf8')))
  }
})

t.test('shows the contract on a page, with all that the page loads', async t => {
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

t.test('shows the page over both kinds of connection', async t => {
  const { httpUrl } = await start(t)
  const response = await fetch(`${httpUrl}/_emulator/docs`)
  t.equal(response.status, 200)
  t.match(await response.text(), '<title>')
})

t.test("says in Azure's envelope which pages it has where it has none", async t => {
  const { app } = await build(t)
  for (const url of ['/_emulator', '/_emulator/', '/_emulator/nothing', '/_emulator/docs/nothing',
    '/_emulator/openapi', '/_emulator/docs/static/..%2f..%2fpackage.json']) {
    const response = await app.inject(url)
    t.equal(response.statusCode, 404, url)
    t.match(response.json(), { error: { code: 'NotFound', message: /\/_emulator\/docs/ } }, url)
    t.strictSame(Object.keys(response.json()), ['error'], url)
  }
  t.equal((await app.inject({ method: 'POST', url: '/_emulator/health' })).statusCode, 404)
})

t.test('asks for no api-version and no token, and serves no page of the web', async t => {
  const { app } = await build(t)
  t.equal((await app.inject('/_emulator/health')).statusCode, 200)
  for (const url of ['/_emulator/health', '/_emulator/docs', '/_emulator/openapi/arm.json']) {
    const { statusCode } = await app.inject({ url, headers: { origin: 'https://example.com' } })
    t.equal(statusCode, 403, url)
  }
})

t.test('closes with the documentation page loaded, and while it loads', async t => {
  const shown = await build(t)
  await shown.app.inject('/_emulator/docs')
  await shown.close()
  const loading = await start(t)
  const page = fetch(`${loading.httpUrl}/_emulator/docs`)
  await new Promise(resolve => loading.app.server.once('request', resolve))
  await loading.close()
  t.equal((await page).status, 200)
})

/** Whether a package of node_modules, which must not be an ES module, is loaded in this process. */
function isLoaded (name: string): boolean {
  return Object.keys(createRequire(import.meta.url).cache).some(file => file.includes(`/node_modules/@fastify/${name}/`))
}
