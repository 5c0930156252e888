import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { build, SUBSCRIPTION } from '../../harness/emulator.js'
import { ended, managed, properties, put } from '../../harness/managed.js'

/** `AZRUN_MACHINES=1000` puts a heavy load on azrun. Twenty machines show the same. */
const MACHINES = Number(process.env['AZRUN_MACHINES'] ?? 20)
const EACH = 3

/** After each of them and a reset, the memory is that of the first. */
const ROUNDS = 3

t.test(`${MACHINES} machines with ${EACH} managed run commands each, all at once: every output is right, and nothing is left`, async t => {
  const emulator = await build(t, { executor: 'shell', logLevel: 'silent', journal: 100 })
  const all = Array.from({ length: MACHINES * EACH }, (_, index) => ({ vmName: `vm${index % MACHINES}`, name: `c${Math.floor(index / MACHINES)}` }))
  const memory = [process.memoryUsage().rss]
  for (let round = 1; round <= ROUNDS; round++) {
    const started = performance.now()
    const outputs = await Promise.all(all.map(async target => {
      const script = `sleep 0.01; echo ${target.vmName} ${target.name} managed-load`
      const { status } = await ended(emulator, await put(emulator, script, target))
      return `${status} ${(await properties(emulator, target)).instanceView.output}`
    }))
    const seconds = (performance.now() - started) / 1000
    t.same(outputs, all.map(({ vmName, name }) => `Succeeded ${vmName} ${name} managed-load\n`))
    t.equal((await managed(emulator, 'GET', { vmName: 'vm0' })).json().value.length, EACH)
    t.same(processesWith('managed-load'), [])
    t.match(await emulator.reset({ subscriptionId: SUBSCRIPTION }), { runCommands: all.length, operations: all.length })
    memory.push(process.memoryUsage().rss)
    t.comment(`${all.length} in ${seconds.toFixed(1)} s, then ${((memory.at(-1)! - memory[0]!) / 2 ** 20).toFixed(0)} MB more memory`)
  }
  const [before, first, ...later] = memory.map(bytes => bytes / 2 ** 20) as [number, number, ...number[]]
  // Most of it is the requests that wait, all of them in this process.
  t.ok(first - before < 150 + 0.4 * MACHINES, `memory grew by ${first - before} MB`)
  t.ok(later.at(-1)! - first < 100, `memory grew by ${later.at(-1)! - first} MB from the first round to the last`)
})

/** The command lines of processes of this machine that have a text in them; on Linux. */
function processesWith (text: string): string[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc').filter(name => /^\d+$/.test(name) && name !== `${process.pid}`).flatMap(pid => {
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, 'latin1')
      return line.includes(text) && !line.includes('node') && !line.includes('tap') ? [line] : []
    } catch {
      return []
    }
  })
}
