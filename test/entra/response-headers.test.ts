import t from 'tap'
import { start } from '../harness/emulator.js'
import { DEFAULT_TENANT } from '../harness/entra-app.js'
import { exchange } from '../harness/wire.js'

const AUTHORITY = 'https://login.microsoftonline.com/common/oauth2/v2.0/authorize'
const CONNECTION = ['Content-Length', 'Connection']

t.test("Entra's responses have its headers, in its order and spelling", async t => {
  const emulator = await start(t)
  const form = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' } }
  const secret = 'grant_type=client_credentials&client_id=7f0b7c4e-1111-4b6f-8f39-0a5d6a3c9f01&client_secret=s' +
    '&scope=https://management.azure.com/.default'
  // Recorded: azure-sdk-for-js's recordings of Key Vault in 2022, without cookies and x-ms-ests-server.
  const published = ['Cache-Control', 'Content-Type', 'Strict-Transport-Security', 'X-Content-Type-Options',
    'Access-Control-Allow-Origin', 'Access-Control-Allow-Methods', 'P3P', 'x-ms-request-id', 'X-XSS-Protection', 'Date']
  const token = ['Cache-Control', 'Pragma', 'Content-Type', 'Expires', 'Strict-Transport-Security',
    'X-Content-Type-Options', 'P3P', 'x-ms-request-id', 'X-XSS-Protection', 'Date']
  for (const [path, names, cache, request] of [
    [`/common/discovery/instance?api-version=1.1&authorization_endpoint=${AUTHORITY}`, published, 'max-age=86400, private', {}],
    [`/${DEFAULT_TENANT}/v2.0/.well-known/openid-configuration`, published, 'max-age=86400, private', {}],
    [`/${DEFAULT_TENANT}/discovery/v2.0/keys`, published, 'max-age=86400, private', {}],
    ['/common/discovery/instance?api-version=1.1&authorization_endpoint=no', token, 'no-store, no-cache', {}],
    [`/${DEFAULT_TENANT}/oauth2/v2.0/token`, token, 'no-store, no-cache', { ...form, body: secret }],
    [`/${DEFAULT_TENANT}/oauth2/v2.0/token`, token, 'no-store, no-cache', { ...form, body: '' }]
  ] as const) {
    const { names: sent, headers } = await exchange(emulator, `${emulator.url}${path}`, request)
    t.strictSame(sent.filter(name => ![...CONNECTION, 'Keep-Alive'].includes(name)), names, path)
    t.match(headers, {
      'cache-control': cache,
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
      'x-content-type-options': 'nosniff',
      p3p: 'CP="DSP CUR OTPi IND OTRi ONL FIN"',
      'x-ms-request-id': /^[\da-f-]{36}$/,
      'x-xss-protection': '0'
    }, path)
  }
})

t.test("IMDS's responses have no other headers", async t => {
  const emulator = await start(t)
  const url = `${emulator.url}/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://vault.azure.net`
  // Recorded: burmilla/os-services.
  for (const headers of [{ metadata: 'true' }, {}]) {
    const { names } = await exchange(emulator, url, { headers })
    t.strictSame(names, ['Content-Type', 'Date', ...CONNECTION])
  }
})
