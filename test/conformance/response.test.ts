import t from 'tap'
import { Conformance } from '../../src/conformance/conformance.js'
import type { Exchange } from '../../src/conformance/contract.js'
import { readDocument } from '../../src/http/openapi.js'
import { runCommandUrl, SUBSCRIPTION } from '../harness/emulator.js'

const conformance = new Conformance(() => readDocument('arm.json'))
const OPERATION = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Compute/locations/westus/operations/x?api-version=`
const STATUS = { code: 'ProvisioningState/succeeded', level: 'Info', displayStatus: 'Provisioning succeeded', message: '' }
const RUN = { startTime: '2024-03-01T09:07:11.5063228+00:00', status: 'InProgress', name: 'x' }

interface Sent extends Partial<Exchange> {
  readonly headers?: Record<string, string>
  readonly body?: unknown
  readonly isShaped?: boolean
}

/** The findings of a response, as `path: message`. */
async function found ({ isShaped, method = 'GET', url = `${OPERATION}2024-03-01`, status = 200, headers = {}, body, ...others }: Sent) {
  const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body)
  await conformance.load()
  const findings = conformance.findingsOf({
    method,
    url,
    status,
    request: { headers: { 'content-type': 'application/json' }, body: '{"commandId":"x"}' },
    response: { headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, ...text !== undefined && { body: text } },
    ...others
  }, isShaped)
  t.ok(findings.every(({ severity }) => severity === 'error'))
  return findings.filter(({ path }) => path!.startsWith('response.')).map(({ path, message }) => `${path}: ${message}`)
}

const BREAKS = "azrun's response to Operations_Get breaks the contract:"

t.test('a response that keeps to the contract has no findings', async t => {
  t.strictSame(await found({ body: RUN }), [])
  t.strictSame(await found({ url: `${OPERATION}2024-03-01&monitor=true`, body: { value: [STATUS] } }), [])
  t.strictSame(await found({ status: 404, body: { error: { code: 'NotFound', message: 'x' } } }), [])
  t.strictSame(await found({ url: `${OPERATION}2024-03-01&monitor=true`, status: 404, body: { error: { code: 'NotFound', message: 'x' } } }), [])
  t.strictSame(await found({ url: `${OPERATION}2024-03-01&monitor=true` }), [], 'the result of an operation without one')
  t.strictSame(await found({ method: 'HEAD', url: `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg?api-version=2021-04-01`, status: 404 }), [])
})

t.test('the result of an operation must have the form of its api-version', async t => {
  const monitor = (version: string, body: unknown) => found({ url: `${OPERATION}${version}&monitor=true`, body })
  t.strictSame(await monitor('2017-12-01', [STATUS]), [])
  t.strictSame(await monitor('2018-04-01', [STATUS]), [`response.body: ${BREAKS} the body must be object`])
  t.strictSame(await monitor('2017-12-01', { value: [STATUS] }), [`response.body: ${BREAKS} the body must be array`])
  t.strictSame(await monitor('2024-03-01', RUN), [
    `response.body: ${BREAKS} the body must have required property 'value'`,
    ...['startTime', 'status', 'name'].map(name => `response.body: ${BREAKS} the body has the member '${name}', which is not described`)
  ])
})

t.test('the form of a result is that of the api-version that azrun reads, whatever the case of its name', async t => {
  await conformance.load()
  const findings = conformance.findingsOf({
    method: 'GET',
    url: `${OPERATION}2017-12-01&monitor=true`.replace('api-version', 'API-Version'),
    status: 200,
    request: { headers: {} },
    response: { headers: { 'content-type': 'application/json' }, body: JSON.stringify([STATUS]) }
  })
  t.strictSame(findings.map(({ path }) => path), ['request.query.API-Version'])
})

t.test('each invalid, missing or unknown member has a finding', async t => {
  t.strictSame(await found({ body: { ...RUN, status: 'Running', startTime: 'now', progress: 1 } }), [
    `response.body: ${BREAKS} the body has the member 'progress', which is not described`,
    `response.body.startTime: ${BREAKS} 'startTime' must match format "date-time"`,
    `response.body.status: ${BREAKS} 'status' must be equal to one of the allowed values`
  ])
  t.strictSame(await found({ url: `${OPERATION}2024-03-01&monitor=true`, body: { value: [{}] } }),
    ['code', 'level', 'displayStatus'].map(name => `response.body.value[0]: ${BREAKS} 'value[0]' must have required property '${name}'`))
  t.strictSame(await found({ status: 500, body: { message: 'x' } }), [
    `response.body: ${BREAKS} the body must have required property 'error'`,
    `response.body: ${BREAKS} the body has the member 'message', which is not described`
  ])
})

t.test('a missing body, an unexpected body, invalid JSON and another Content-Type have findings', async t => {
  t.strictSame(await found({ body: undefined }), [`response.body: ${BREAKS} it has no body`])
  t.strictSame(await found({ body: '<html>' }), [`response.body: ${BREAKS} its body is not JSON: '<html>'`])
  t.strictSame(await found({ body: RUN, headers: { 'content-type': 'text/html' } }),
    [`response.headers.Content-Type: ${BREAKS} its Content-Type is 'text/html', not application/json`])
  t.strictSame(await found({ status: 202, headers: { location: 'https://management.azure.com/x' }, body: RUN }),
    [`response.body: ${BREAKS} it has a body, '${JSON.stringify(RUN).slice(0, 100)}'`])
})

t.test('a body with many mistakes has ten findings', async t => {
  const members = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`member${index}`, 1]))
  t.equal((await found({ body: { ...RUN, ...members } })).length, 10)
})

t.test('missing URLs and invalid headers of a 202 have findings', async t => {
  const run = (headers: Record<string, string>) => found({ method: 'POST', url: runCommandUrl(), status: 202, headers })
  const urls = { location: 'https://management.azure.com/a', 'azure-asyncoperation': 'http://localhost/b' }
  t.strictSame(await run({ ...urls, 'retry-after': '1' }), [])
  t.strictSame(await run({}), ['Location', 'Azure-AsyncOperation'].map(name =>
    `response.headers.${name}: azrun's response has no header ${name}`))
  t.strictSame(await run({ ...urls, location: '/a', 'retry-after': 'soon' }), [
    "response.headers.Location: the value '/a' of header Location in azrun's response does not match ^https?://",
    "response.headers.Retry-After: the value 'soon' of header Retry-After in azrun's response does not match ^[0-9]+$"
  ])
})

t.test('a status that the operation does not have is a finding', async t => {
  t.strictSame(await found({ status: 201, body: RUN }), ['response.status: status 201 is not in the contract of Operations_Get'])
})

t.test('a response that a scenario shaped is not checked', async t => {
  t.strictSame(await found({ body: '<html>', isShaped: true }), [])
})
