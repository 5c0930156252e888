import { randomUUID } from 'node:crypto'
import t from 'tap'
import { hasVariable, processIds } from '../../../../src/processes/proc.js'
import { build, SUBSCRIPTION } from '../../../harness/emulator.js'
import { ended, managed, properties, put } from '../../../harness/managed.js'

/** `AZRUN_MACHINES=1000` is a heavy load. Twenty machines test the same. */
const MACHINES = Number(process.env['AZRUN_MACHINES'] ?? 20)
const EACH = 3

/** After each round and its reset, the memory must be about that after the first. */
const ROUNDS = 3

t.test(`${MACHINES} machines run ${EACH} managed run commands each at once, return their outputs and leave no process`, async t => {
  const emulator = await build(t, { executor: 'shell', logLevel: 'silent', journal: 100 })
  const all = Array.from({ length: MACHINES * EACH }, (_, index) => ({ vmName: `vm${index % MACHINES}`, name: `c${Math.floor(index / MACHINES)}` }))
  const marker = `AZRUN_TEST_LOAD=${randomUUID()}`
  const [name, value] = marker.split('=') as [string, string]
  const memory = [process.memoryUsage().rss]
  for (let round = 1; round <= ROUNDS; round++) {
    const started = performance.now()
    const outputs = await Promise.all(all.map(async target => {
      const script = `sleep 0.01; echo ${target.vmName} ${target.name}`
      const command = { ...target, properties: { parameters: [{ name, value }] } }
      const { status } = await ended(emulator, await put(emulator, script, command))
      return `${status} ${(await properties(emulator, target)).instanceView.output}`
    }))
    const seconds = (performance.now() - started) / 1000
    t.same(outputs, all.map(({ vmName, name }) => `Succeeded ${vmName} ${name}\n`))
    t.equal((await managed(emulator, 'GET', { vmName: 'vm0' })).json().value.length, EACH)
    t.same(processIds().filter(pid => hasVariable(pid, marker)), [])
    t.match(await emulator.reset({ subscriptionId: SUBSCRIPTION }), { runCommands: all.length, operations: all.length })
    memory.push(process.memoryUsage().rss)
    t.comment(`${all.length} in ${seconds.toFixed(1)} s, then ${((memory.at(-1)! - memory[0]!) / 2 ** 20).toFixed(0)} MB more memory`)
  }
  const [before, first, ...later] = memory.map(bytes => bytes / 2 ** 20) as [number, number, ...number[]]
  // Most of the memory is for the waiting requests, all of which this process sends.
  t.ok(first - before < 150 + 0.4 * MACHINES, `memory grew by ${first - before} MB`)
  t.ok(later.at(-1)! - first < 100, `memory grew by ${later.at(-1)! - first} MB from the first round to the last`)
})
