import t from 'tap'
import { ManagedHandler, type Transfers } from '../../src/guest/managed-handler.js'
import type { ManagedScript } from '../../src/guest/managed-script.js'
import { VirtualClock } from '../../src/time/virtual-clock.js'
import { execution } from '../harness/execution.js'

const SCRIPT: ManagedScript = {
  osType: 'Linux', name: 'cmd', sequence: 0, commandId: 'RunShellScript', parameters: [], timeoutInSeconds: 0
}

/** Fails with its own error once the signal aborts, as a transfer may that is in progress. */
async function broken (_uri: string, signal: AbortSignal): Promise<never> {
  return await new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('the connection was closed')))
  })
}

t.test('a cancellation during a transfer is no failure of the transfer, and the script does not run', async t => {
  const transfers: Transfers = { download: broken, createAppendBlob: broken }
  const agent = { execute () { throw new Error('the script ran') } }
  const handler = new ManagedHandler({ agent, transfers, clock: new VirtualClock(), log: { warn () {} } })
  const sources = [{ scriptUri: 'http://x/a' }, { script: 'echo', outputBlobUri: 'http://x/out' }, { script: 'echo', errorBlobUri: 'http://x/err' }]
  for (const source of sources) {
    const controller = new AbortController()
    const running = handler.run(execution('').vm, { ...SCRIPT, ...source }, { signal: controller.signal })
    const reason = new Error('canceled')
    controller.abort(reason)
    t.equal(await Promise.resolve(running).catch((error: unknown) => error), reason, JSON.stringify(source))
  }
})
