import t from 'tap'
import { build, get } from '../harness/emulator.js'
import { NAVIGATION, pageOf } from '../harness/pages.js'

t.test('returns the home page at / to a browser', async t => {
  const emulator = await build(t)
  const page = await pageOf(emulator, '/_emulator/')
  t.match(page, /^<!DOCTYPE html>/)
  t.equal(await pageOf(emulator, '/'), page)
  const { accept } = NAVIGATION
  // To an address that it does not trust, a browser sends no Sec-Fetch headers.
  t.equal((await emulator.app.inject({ url: '/', headers: { accept } })).statusCode, 200)
})

t.test("returns Azure's response at / to programs", async t => {
  const emulator = await build(t)
  const expected = (await get(emulator, '/')).json()
  t.match(expected, { error: { code: 'MissingApiVersionParameter' } })
  const java = 'text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2'
  for (const accept of ['*/*', 'application/json', 'application/json, text/plain, */*', java]) {
    const { statusCode, body } = await emulator.app.inject({ url: '/', headers: { accept } })
    t.equal(statusCode, 400, accept)
    t.strictSame(JSON.parse(body), expected, accept)
  }
  for (const [method, url] of [['POST', '/'], ['HEAD', '/'], ['GET', '/?a=b'], ['GET', '/subscriptions']] as const) {
    const { headers } = await emulator.app.inject({ method, url, headers: NAVIGATION })
    t.notMatch(headers['content-type'], 'text/html', `${method} ${url}`)
  }
})

t.test('allows links to its pages from anywhere, but no frames or fetches from other sites', async t => {
  const { app } = await build(t)
  const status = async (url: string, headers: Record<string, string>) =>
    (await app.inject({ url, headers: { ...NAVIGATION, ...headers } })).statusCode
  for (const url of ['/_emulator/', '/_emulator/docs', '/_emulator/docs/entra']) {
    for (const site of ['cross-site', 'same-site', 'none', 'same-origin']) {
      t.equal(await status(url, { 'sec-fetch-site': site }), 200, `${url} ${site}`)
    }
    for (const destination of ['iframe', 'frame', 'embed', 'object', 'empty', 'script', 'image']) {
      for (const site of ['cross-site', 'same-site']) {
        const headers = { 'sec-fetch-site': site, 'sec-fetch-dest': destination }
        t.equal(await status(url, headers), 403, `${url} ${destination} ${site}`)
      }
    }
  }
})
