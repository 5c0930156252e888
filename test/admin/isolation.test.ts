import t from 'tap'
import type { Execution, Executor } from '../../src/index.js'
import { callAdmin } from '../harness/admin.js'
import { build, get, runCommand } from '../harness/emulator.js'

/** test/kit/isolation.test.ts runs a thousand. */
const TESTS = 100

/** Prints the subscription. The script `endless` runs until it is canceled. */
const executor: Executor = {
  async execute ({ script, vm }: Execution, { signal }) {
    if (script.trim() === 'endless') await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    return { exitCode: 0, stdout: vm.id.subscriptionId, stderr: '' }
  }
}

t.test('isolates a hundred concurrent tests that each have their own subscription', async t => {
  const emulator = await build(t, { executor, pace: 'azure' })
  const run = async (subscriptionId: string, vmName: string, script: string, prefer = '') => {
    const { statusCode, headers, body } = await runCommand(emulator, { commandId: 'RunShellScript', script: [script] },
      { subscriptionId, vmName, headers: { prefer } })
    return { statusCode, url: `${headers['azure-asyncoperation']}`, body }
  }
  const oneTest = async (_: unknown, index: number) => {
    const subscriptionId = `00000000-0000-4000-8000-${`${index}`.padStart(12, '0')}`
    const machine = `/virtualMachines/${subscriptionId}/rg/vm`
    const faults: string[] = []
    const expect = (what: string, found: unknown, wanted: unknown) => {
      if (found !== wanted) faults.push(`${subscriptionId}: ${what} is ${found}, not ${wanted}`)
    }
    const endless = await run(subscriptionId, 'vm', 'endless')
    expect('another run there', (await run(subscriptionId, 'vm', 'quick')).statusCode, 409)
    const quick = await run(subscriptionId, 'vm2', 'quick', 'wait=600')
    expect('the output', JSON.parse(quick.body).value[0].message.includes(`[stdout]\n${subscriptionId}\n`), true)
    await callAdmin(emulator, 'PUT', machine, { powerState: 'stopped' })
    expect('the poll', (await get(emulator, endless.url)).json().status, 'InProgress')
    // Half of the tests reset while the others run.
    if (index % 2 === 0) return { faults, subscriptionId, endless }
    const { body } = await callAdmin(emulator, 'POST', '/reset', { subscriptionId })
    expect('the count of dropped operations', body.dropped.operations, 2)
    expect('the poll after the reset', (await get(emulator, endless.url)).statusCode, 404)
    expect('the power state after the reset', (await callAdmin(emulator, 'GET', machine)).body.powerState, 'running')
    expect('a run after the reset', (await run(subscriptionId, 'vm', 'endless')).statusCode, 202)
    return { faults, subscriptionId, endless }
  }
  const tests = await Promise.all(Array.from({ length: TESTS }, oneTest))
  t.strictSame(tests.flatMap(({ faults }) => faults), [])
  const running = tests.filter((_, index) => index % 2 === 0)
  const others = await Promise.all(running.map(async ({ subscriptionId, endless }) =>
    [(await get(emulator, endless.url)).json().status,
      (await callAdmin(emulator, 'GET', `/virtualMachines/${subscriptionId}/rg/vm`)).body.powerState].join()))
  t.same([...new Set(others)], ['InProgress,stopped'])
  t.equal((await emulator.reset()).operations, TESTS / 2 * 2 + TESTS / 2)
})
