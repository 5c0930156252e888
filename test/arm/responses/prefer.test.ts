import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import { VirtualClock } from '../../../src/index.js'
import { build, runCommand } from '../../harness/emulator.js'

const SHELL = { commandId: 'RunShellScript' }

/** A preference (RFC 7240), and the response to a command that takes 5 s. */
const CASES: readonly { readonly prefer: string, readonly async: Responded, readonly immediate?: Responded }[] = [
  { prefer: 'respond-async', async: [202, 0, 'respond-async'] },
  { prefer: 'Respond-Async; foo=bar', async: [202, 0, 'respond-async'] },
  { prefer: 'wait=10', async: [200, 5, 'wait=10'] },
  { prefer: 'WAIT="10"', async: [200, 5, 'wait=10'] },
  { prefer: 'wait=2', async: [202, 2, 'wait=2'] },
  { prefer: 'wait=0', async: [202, 0, 'wait=0'] },
  { prefer: 'respond-async, wait=10', async: [200, 5, 'respond-async, wait=10'] },
  { prefer: 'wait=2, respond-async', async: [202, 2, 'respond-async, wait=2'] },
  { prefer: 'wait=2, wait=10', async: [202, 2, 'wait=2'] },
  { prefer: 'wait=99999999999999999999', async: [200, 5, 'wait=99999999999999999999'] },
  { prefer: 'return=minimal', async: [202, 0, undefined], immediate: [200, 5, undefined] },
  { prefer: 'wait=soon', async: [202, 0, undefined], immediate: [200, 5, undefined] },
  { prefer: 'wait=-1', async: [202, 0, undefined], immediate: [200, 5, undefined] },
  { prefer: 'wait', async: [202, 0, undefined], immediate: [200, 5, undefined] },
  { prefer: ',;="', async: [202, 0, undefined], immediate: [200, 5, undefined] }
]

type Responded = readonly [status: number, afterSeconds: number, applied: string | undefined]

for (const respond of ['async', 'immediate'] as const) {
  t.test(`follows Prefer if --respond is ${respond}`, async t => {
    for (const { prefer, ...expected } of CASES) {
      const responded = await responseTo(prefer)
      t.strictSame(responded, expected[respond] ?? expected.async, prefer)
    }

    async function responseTo (prefer: string): Promise<Responded> {
      const clock = new VirtualClock()
      const emulator = await build(t, { clock, respond, delay: 5000 })
      const began = clock.now().getTime()
      const pending = runCommand(emulator, SHELL, { headers: { prefer } })
      const elapsed = pending.then(() => clock.now().getTime() - began)
      for (let second = 0; second < 10; second++) {
        for (let turn = 0; turn < 20; turn++) await setImmediate()
        await clock.advance(1000)
      }
      const { statusCode, headers } = await pending
      return [statusCode, await elapsed / 1000, headers['preference-applied']?.toString()]
    }
  })
}

t.test('returns the result at once if --respond is immediate', async t => {
  const emulator = await build(t, { respond: 'immediate', fixtures: [{ name: 'hello', result: { stdout: 'hello\n' } }] })
  const { statusCode, headers, json } = await runCommand(emulator, SHELL)
  t.equal(statusCode, 200)
  t.notOk('location' in headers || 'azure-asyncoperation' in headers || 'preference-applied' in headers)
  t.equal(json().value[0].message, 'Enable succeeded: \n[stdout]\nhello\n\n[stderr]\n')
})

t.test('responds to respond-async with 202 and both URLs, even if --respond is immediate', async t => {
  const clock = new VirtualClock()
  const emulator = await build(t, { clock, respond: 'immediate', delay: 5000 })
  const { statusCode, headers } = await runCommand(emulator, SHELL, { headers: { prefer: 'respond-async' } })
  t.equal(statusCode, 202)
  t.match(headers['location'], new RegExp(`/operations/${headers['x-ms-request-id']}\\?p=[\\w-]+&monitor=true&`))
  t.match(headers['azure-asyncoperation'], new RegExp(`/operations/${headers['x-ms-request-id']}\\?p=[\\w-]+&api-version=`))
})

t.test('returns the error of a failed operation to a request that waits for it', async t => {
  const error = { code: 'VMExtensionProvisioningTimeout', message: 'It took too long.' }
  const emulator = await build(t, { respond: 'immediate', fixtures: [{ name: 'fails', error }] })
  const { statusCode, json } = await runCommand(emulator, SHELL)
  t.equal(statusCode, 409)
  t.strictSame(json(), { error })
})
