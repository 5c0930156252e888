import type { InjectOptions } from 'fastify'
import t from 'tap'
import { preferenceOf } from '../../src/arm/responses/prefer.js'
import { cpuFor } from '../harness/cpu.js'
import { AUTHORIZATION, build, runCommandUrl, SUBSCRIPTION } from '../harness/emulator.js'

/** Four times the limit of Node. Quadratic code takes seconds for it, linear code a few milliseconds. */
const LENGTH = 64 * 1024

/** Texts on which regular expressions backtrack. */
const UNITS = [
  ' ', '\t', ',', ';', '=', '"', '/', '.', '0', 'a', '-', '\\', '&', '?', '%', '+', "'", ' ,', '" ', '\\"', 'a=b;', 'gzip ', 'gzip;q=0.', '/operations/x'
]

/** Long values that start like valid ones and end invalidly. */
function * hostileValues (...beginnings: readonly string[]): Generator<string> {
  for (const beginning of beginnings) {
    for (const unit of UNITS) {
      const repeated = unit.repeat(LENGTH / unit.length)
      yield `${beginning}${repeated}`
      yield `${beginning}${repeated}"x"y`
      yield `${beginning}"${repeated}!/`
    }
  }
}

/** A request for each parser of a client's text outside of JSON. */
const PARSERS: Readonly<Record<string, { beginnings: readonly string[], request (value: string): InjectOptions }>> = {
  Prefer: { beginnings: ['', 'a=', 'wait=', 'scenario="'], request: prefer => action({ prefer }) },
  Authorization: { beginnings: ['Bearer ', 'Bearer', 'Basic '], request: authorization => action({ authorization }) },
  Accept: { beginnings: ['text/json', 'text/json;', 'text/json;q=', 'text/'], request: accept => action({ accept }) },
  'Accept-Encoding': { beginnings: ['', 'gzip'], request: encoding => action({ 'accept-encoding': encoding }) },
  'Content-Type': { beginnings: ['application/json', 'application/json; charset=', 'application/json;'], request: type => action({ 'content-type': type }) },
  'Content-Encoding': { beginnings: [''], request: encoding => action({ 'content-encoding': encoding }) },
  Host: { beginnings: ['', 'localhost:', '['], request: host => action({ host }) },
  'the id headers': {
    beginnings: [''],
    request: id => action({ 'x-ms-correlation-request-id': id, 'x-ms-client-request-id': id, 'x-ms-return-client-request-id': 'true' })
  },
  'the path': {
    beginnings: ['/', runCommandUrl().split('?')[0]!, `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Compute/locations/l/operations/x&`],
    request: url => ({ method: 'POST', url: inUrl(url), headers: AUTHORIZATION })
  },
  'the api-version': { beginnings: ['', '2024-03-01-'], request: version => ({ url: `/subscriptions?api-version=${inUrl(version)}`, headers: AUTHORIZATION }) },
  'the subscription': { beginnings: ['', SUBSCRIPTION], request: id => ({ url: inUrl(`/subscriptions/${id}?api-version=2022-12-01`), headers: AUTHORIZATION }) },
  'the credentials of a client': { beginnings: ['Basic ', 'Bearer '], request: authorization => login({}, { authorization }) },
  'the scope of a login': { beginnings: ['', 'https://x/.default'], request: scope => login({ scope }) },
  'the resource of a login': { beginnings: ['', 'https://x/'], request: resource => login({ resource }) },
  'the assertion of a login': { beginnings: ['', 'eyJhbGciOiJub25lIn0.'], request: assertion => login({ client_assertion: assertion, client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' }) },
  'the authorization code of a login': { beginnings: [''], request: code => login({ grant_type: 'authorization_code', code }) },
  'the request id of a login': { beginnings: [''], request: id => login({}, { 'client-request-id': id }) },
  'the filter of Graph': {
    beginnings: ['', "appId eq '"],
    request: filter => ({ url: `/v1.0/servicePrincipals?$filter=${encodeURIComponent(filter)}`, headers: { ...AUTHORIZATION, host: 'graph.microsoft.com' } })
  }
}

for (const [parser, { beginnings, request }] of Object.entries(PARSERS)) {
  t.test(`parses 64 KiB of ${parser} in less than a second of CPU time, whatever the text`, async t => {
    const { app } = await build(t)
    let slowest = { took: 0, value: '' }
    for (const value of hostileValues(...beginnings)) {
      const took = await cpuFor(() => app.inject(request(value))) / 1000
      if (took > slowest.took) slowest = { took, value: `${value.slice(0, 40)}…${value.slice(-10)}` }
    }
    t.ok(slowest.took < 1000, `${Math.round(slowest.took)} ms for ${JSON.stringify(slowest.value)}`)
  })
}

t.test('parses a preference after an invalid one with many spaces', async t => {
  t.strictSame(preferenceOf(`a=${' '.repeat(2000)}"x"y, wait=10`, 'async'), { wait: 10_000, applied: 'wait=10' })
})

function action (headers: Record<string, string>): InjectOptions {
  return { method: 'POST', url: runCommandUrl(), headers: { ...AUTHORIZATION, 'content-type': 'application/json', ...headers }, payload: '{}' }
}

function login (form: Record<string, string>, headers: Record<string, string> = {}): InjectOptions {
  return {
    method: 'POST',
    url: '/common/oauth2/v2.0/token',
    headers: { host: 'login.microsoftonline.com', 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload: `${new URLSearchParams({ grant_type: 'client_credentials', client_id: 'x', client_secret: 'x', ...form })}`
  }
}

/** The text without the characters that a request line cannot contain. */
function inUrl (text: string): string {
  return text.replaceAll(/[ \t\\"]/g, '~')
}
