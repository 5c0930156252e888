import t from 'tap'
import { AUTHORIZATION, build, SUBSCRIPTION } from '../../harness/emulator.js'
import { ofCompute, poll, prepare, send, starting } from '../../harness/starting.js'

const THROTTLED = { name: 'throttled', do: [{ throttle: {} }] }

/** The quotas in a response without their numbers. */
function quotasIn ({ headers }: { readonly headers: Readonly<Record<string, unknown>> }): string {
  return `${headers['x-ms-ratelimit-remaining-resource']}`.replaceAll(/;\d+/g, '')
}

t.test('every request to Compute is throttled by the quotas that it uses', async t => {
  const scaleSet = { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'ss' }
  for (const each of ofCompute) {
    const emulator = await build(t, { virtualMachineScaleSets: [scaleSet], virtualMachines: [{ ...scaleSet, name: 'vm' }] })
    await prepare(emulator, each)
    const served = quotasIn(await send(emulator, each))
    t.match(served, /^Microsoft\.Compute\//, each.operation)
    emulator.scenarios.put(THROTTLED)
    const refused = await send(emulator, each)
    t.equal(refused.statusCode, 429)
    t.equal(quotasIn(refused), served, each.operation)
  }
})

t.test('an error of Compute has the quotas of the operation, unless a scenario gives others', async t => {
  // Recorded: azcli_vmss_simulate_eviction, java_canForceDeleteVirtualMachine, azure-cli #15765.
  const scaleSet = { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'ss' }
  const emulator = await build(t, { virtualMachineScaleSets: [scaleSet], virtualMachines: [{ ...scaleSet, name: 'vm' }] })
  for (const each of ofCompute) {
    emulator.scenarios.put({ name: 'refused', do: [{ throttle: {} }] })
    const throttled = await send(emulator, each)
    emulator.scenarios.put({ name: 'refused', do: [{ error: { code: 'ConcurrentRequest' } }] })
    const refused = await send(emulator, each)
    t.equal(quotasIn(refused), quotasIn(throttled), each.operation)
    t.notOk('x-ms-failure-cause' in refused.headers)
    t.ok(Object.keys(refused.headers).some(name => name.startsWith('x-ms-ratelimit-remaining-subscription-')))
  }
  const headers = { 'X-MS-RateLimit-Remaining-Resource': 'Microsoft.Compute/Own;0' }
  emulator.scenarios.put({ name: 'refused', do: [{ error: { code: 'Conflict', headers } }] })
  const given = await send(emulator, ofCompute[0]!)
  t.equal(quotasIn(given), 'Microsoft.Compute/Own')
  t.notOk('x-ms-failure-cause' in given.headers)
})

t.test('a poll is throttled by the quotas that it uses', async t => {
  const emulator = await build(t)
  const response = await send(emulator, starting[0]!)
  const served = quotasIn(await poll(emulator, response))
  t.match(served, /^Microsoft\.Compute\//)
  emulator.scenarios.put(THROTTLED)
  t.equal(quotasIn(await poll(emulator, response)), served)
})

t.test('a request to another service is throttled by its quotas, without those of Compute', async t => {
  const emulator = await build(t)
  emulator.scenarios.put({ name: 'throttled', do: [{ throttle: { retryAfter: 5 } }] })
  const group = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg`
  const send = async (method: 'GET' | 'PUT' | 'DELETE' | 'POST', path: string, apiVersion: string, body?: object) => {
    const url = `${path}?api-version=${apiVersion}`
    const request = { method, url, headers: AUTHORIZATION, ...body && { body } }
    const { statusCode, headers, json } = await emulator.app.inject(request)
    t.equal(headers['x-ms-ratelimit-remaining-resource'], undefined, path)
    const quota = Object.entries(headers).filter(([name]) => /remaining|resets/.test(name))
    return [statusCode, json().error.code, headers['retry-after'], ...quota.flat()]
  }
  const remaining = 'x-ms-ratelimit-remaining'
  const network = `${group}/providers/Microsoft.Network/networkInterfaces`
  t.strictSame(await send('GET', network, '2023-09-01'), [429, 'RetryableError', '5'])
  const query = { query: 'resources' }
  t.strictSame(await send('POST', '/providers/Microsoft.ResourceGraph/resources', '2022-10-01', query),
    [429, 'RateLimiting', '5', 'x-ms-user-quota-remaining', '0', 'x-ms-user-quota-resets-after', '00:00:05'])
  const ofGroup = [429, 'SubscriptionRequestsThrottled', '5']
  t.strictSame(await send('GET', group, '2022-09-01'), [...ofGroup, `${remaining}-subscription-reads`, '0'])
  const { headers } = await emulator.app.inject({ method: 'HEAD', url: `${group}?api-version=2022-09-01`, headers: AUTHORIZATION })
  t.equal(headers[`${remaining}-subscription-reads`], '0')
  const put = await send('PUT', group, '2022-09-01', { location: 'westus' })
  t.strictSame(put, [...ofGroup, `${remaining}-subscription-writes`, '0'])
  t.strictSame(await send('DELETE', group, '2022-09-01'), [...ofGroup, `${remaining}-subscription-deletes`, '0'])
  t.strictSame(await send('GET', '/tenants', '2022-12-01'), [429, 'TenantRequestsThrottled', '5', `${remaining}-tenant-reads`, '0'])
})

t.test('a throttled query of Resource Graph has its correlation id in the message', async t => {
  const emulator = await build(t)
  const url = '/providers/Microsoft.ResourceGraph/resources?api-version=2022-10-01'
  const send = async () => await emulator.app.inject({ method: 'POST', url, headers: AUTHORIZATION, body: { query: 'resources' } })
  t.match((await send()).headers, { 'x-ms-user-quota-remaining': '14', 'x-ms-user-quota-resets-after': '00:00:05' })
  emulator.scenarios.put(THROTTLED)
  const { headers, json } = await send()
  t.match(json().error.message, `correlationId = ${headers['x-ms-correlation-request-id']}.`)
})

t.test('a query of Resource Graph that is throttled for a day has a reset time of 24 hours', async t => {
  const emulator = await build(t)
  emulator.scenarios.put({ name: 'throttled', do: [{ throttle: { retryAfter: 86_400 } }] })
  const url = '/providers/Microsoft.ResourceGraph/resources?api-version=2022-10-01'
  const { headers } = await emulator.app.inject({ method: 'POST', url, headers: AUTHORIZATION, body: { query: 'resources' } })
  t.match(headers, { 'retry-after': '86400', 'x-ms-user-quota-resets-after': '24:00:00' })
})
