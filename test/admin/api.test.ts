import t, { type Test } from 'tap'
import { createEmulator } from '../../src/index.js'

const DELAY = { name: 'slow', do: [{ delay: { ms: 1 } }] }

async function caller (t: Test) {
  const emulator = await createEmulator()
  t.teardown(() => emulator.close())
  return async (method: 'GET' | 'PUT' | 'POST' | 'DELETE', url: string, body?: unknown) => {
    const payload = typeof body === 'string' ? body : JSON.stringify(body)
    const response = await emulator.app.inject({ method, url: `/_emulator${url}`, ...body !== undefined && { payload } })
    return { status: response.statusCode, body: response.body === '' ? undefined : response.json(), headers: response.headers }
  }
}

t.test('scenarios are added, replaced, listed in their order and removed', async t => {
  const call = await caller(t)
  t.equal((await call('PUT', '/scenarios/slow', DELAY)).status, 201)
  t.equal((await call('PUT', '/scenarios/slow', DELAY)).status, 200)
  t.equal((await call('PUT', '/scenarios/first', { ...DELAY, name: 'first' })).status, 201)
  t.equal((await call('PUT', '/scenarios/last?position=last', { ...DELAY, name: 'last' })).status, 201)
  const { body } = await call('GET', '/scenarios')
  t.same(body.value.map(({ name }: { name: string }) => name), ['first', 'slow', 'last'])
  t.equal((await call('DELETE', '/scenarios/slow')).status, 204)
  t.equal((await call('DELETE', '/scenarios/slow')).status, 404)
  t.same((await call('PUT', '/scenarios', { value: [DELAY] })).status, 200)
  t.equal((await call('GET', '/scenarios')).body.value.length, 1)
  t.equal((await call('DELETE', '/scenarios')).status, 204)
  t.same((await call('GET', '/scenarios')).body, { value: [] })
})

const wrong = [
  [{ name: 'x', do: [{ delay: { ms: 'x' } }] }, 'do[0].delay.ms', '\'do[0].delay.ms\' must be a whole number from 0 to 2147483647, not "x"'],
  [{ name: 'x', do: [{ dellay: { ms: 1 } }] }, 'do[0].dellay', "'do[0].dellay' is not a known property; did you mean 'delay'?"],
  [{ name: 'x', do: [] }, 'do', "'do' must not be empty"],
  [{ name: 'x', do: [{ delay: { ms: 1 }, throttle: {} }] }, 'do[0]', '\'do[0]\' must have exactly one member, the kind of effect, not {"delay":{"ms":1},"throttle":{}}'],
  [{ name: 'x', do: [{ socket: { truncate: 'x' } }] }, 'do[0].socket',
    '\'do[0].socket\' must be "reset", "close", "stall", {"truncate": BYTES} or {"drip": BYTES_PER_SECOND}, not {"truncate":"x"}'],
  [{ do: [{ delay: { ms: 1 } }] }, 'body', "'body' must have 'name'"],
  [{ name: 'x', calls: '0', do: [{ delay: { ms: 1 } }] }, 'calls', '\'calls\' must be a call such as "1", or a range such as "1-2" or "3-", not "0"'],
  ['{', 'body', undefined]
] as const

t.test('a body that is wrong is refused with the field and the rule', async t => {
  const call = await caller(t)
  for (const [body, target, message] of wrong) {
    const response = await call('PUT', '/scenarios/x', body)
    t.equal(response.status, 400, target)
    t.equal(response.body.error.target, target)
    if (message !== undefined) t.equal(response.body.error.message, message)
  }
})

t.test('a query that an operation does not have is refused, and so is a wrong value', async t => {
  const call = await caller(t)
  const unknown = await call('PUT', '/scenarios/x?posision=last', DELAY)
  t.match(unknown, { status: 400, body: { error: { target: 'posision', message: "'posision' is not a known query parameter; did you mean 'position'?" } } })
  t.match(await call('PUT', '/scenarios/slow?position=middle', DELAY), { status: 400, body: { error: { target: 'position' } } })
  t.match(await call('GET', '/scenarios?a=1'), { status: 400, body: { error: { target: 'a' } } })
})

t.test('a method that a path does not have is refused, with those that it has', async t => {
  const call = await caller(t)
  t.match(await call('POST', '/scenarios'), { status: 405, headers: { allow: 'GET, PUT, DELETE' } })
})
