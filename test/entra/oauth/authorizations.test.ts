import t from 'tap'
import { build } from '../../harness/emulator.js'
import { buildEntra, get } from '../../harness/entra-app.js'

const QUERY = 'client_id=x&response_type=code&redirect_uri=http://localhost:8400'

t.test('tells a browser that there is no sign-in page, and how else to log in', async t => {
  const app = await buildEntra(t)
  for (const path of ['/common/oauth2/authorize', '/organizations/oauth2/v2.0/authorize']) {
    const { statusCode, headers, body } = await get(app, `${path}?${QUERY}`)
    t.equal(statusCode, 400, path)
    t.equal(headers['content-type'], 'text/html; charset=utf-8')
    t.match(headers['content-security-policy'], /^default-src 'none'; .*frame-ancestors 'none'$/)
    t.match(body, /^<!DOCTYPE html>/)
    for (const way of ['--service-principal', '--identity', '--use-device-code']) t.ok(body.includes(way), way)
  }
})

t.test('responds at every host, and does not echo what a request could inject', async t => {
  const { app } = await build(t)
  for (const host of ['login.microsoftonline.com', 'localhost:10900']) {
    t.equal((await app.inject({ url: `/common/oauth2/authorize?${QUERY}`, headers: { host } })).statusCode, 400, host)
  }
  const refused = await app.inject({ url: '/common/oauth2/authorize', headers: { origin: '<script>alert(1)</script>' } })
  t.equal(refused.statusCode, 403)
  t.match(refused.body, '&lt;script')
  t.notMatch(refused.body, '<script>')
})
