import { once } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import { VirtualClock, type Clock } from '../src/core/clock.js'
import { OperationError } from '../src/core/operation.js'
import type { Executor } from '../src/executors/executor.js'
import { Agent } from '../src/guest/agent.js'
import { RunCommandDocuments } from '../src/guest/documents.js'
import { execution } from './execution.js'

/** Documented (azure-docs, run-command.md). */
const NINETY_MINUTES = 90 * 60 * 1000

const documents = new RunCommandDocuments()
const { vm } = execution('')

/** A script that goes on until it is stopped, which it reports in its own way, as an executor may. */
const endless: Executor = {
  execute: async (_, signal) => {
    await once(signal, 'abort')
    throw new Error('killed')
  }
}

function start (osType: 'Linux' | 'Windows', { executor = endless, clock = new VirtualClock() as Clock, controller = new AbortController() } = {}) {
  const document = documents.find(osType === 'Linux' ? 'RunShellScript' : 'RunPowerShellScript')!
  return new Agent({ executor, clock }).run({ ...vm, osType }, { document }, controller)
}

for (const osType of ['Linux', 'Windows'] as const) {
  t.test(`a ${osType} script that runs for 90 minutes is stopped and fails the operation`, async t => {
    const clock = new VirtualClock()
    let ended = false
    const outcome = start(osType, { clock }).catch((error: unknown) => error).finally(() => { ended = true })
    await clock.advance(NINETY_MINUTES - 1)
    t.notOk(ended)
    await clock.advance(1)
    const error = await outcome
    t.type(error, OperationError)
    // Recorded (azure-sdk-for-python #4369); that of Windows is inferred from it.
    t.match(error, {
      code: 'VMExtensionProvisioningTimeout',
      message: `Provisioning of VM extension 'RunCommand${osType}' has timed out. Extension installation may be ` +
        'taking too long, or extension status could not be obtained.'
    })
  })
}

t.test('a script that ends within 90 minutes has its result, and nothing waits on', async t => {
  const clock = new VirtualClock()
  let asleep = 0
  const watched: Clock = {
    now: () => clock.now(),
    sleep: (ms, signal) => {
      asleep++
      return clock.sleep(ms, signal).finally(() => { asleep-- })
    }
  }
  const executor: Executor = {
    execute: async () => {
      await clock.sleep(NINETY_MINUTES - 1)
      return { exitCode: 0, stdout: 'done', stderr: '' }
    }
  }
  const outcome = start('Linux', { executor, clock: watched })
  await clock.advance(NINETY_MINUTES - 1)
  t.match(JSON.parse(await outcome), { value: [{ message: /done/ }] })
  await setImmediate()
  t.equal(asleep, 0)
})

t.test('an abort stops the script and is the reason, whatever the executor says', async t => {
  const controller = new AbortController()
  const outcome = t.rejects(start('Linux', { controller }), { code: 'OperationCanceled', message: 'stop' })
  controller.abort(new OperationError('OperationCanceled', 'stop'))
  await outcome
})

t.test('after an abort nothing is begun', async t => {
  let begun = false
  const executor: Executor = {
    execute: async () => {
      begun = true
      return { exitCode: 0, stdout: '', stderr: '' }
    }
  }
  const controller = new AbortController()
  controller.abort(new OperationError('OperationCanceled', 'stopped before'))
  await t.rejects(start('Linux', { executor, controller }), { code: 'OperationCanceled' })
  t.notOk(begun)
})
