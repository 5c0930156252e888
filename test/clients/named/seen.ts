import { join } from 'node:path'
import type { Test } from 'tap'
import { start } from '../../harness/emulator.js'
import { run } from '../client.js'
import { explicitEnvironment } from '../explicit.js'
import { byMachine, readTable, type Seen } from './named.js'

const FIXTURES = [{ name: 'hi', result: { stdout: 'hi' } }]

/** Compares what a user sees in each named scenario with a table. `command` takes the scenarios as arguments. */
export async function testNamedScenarios (t: Test, name: string, command: readonly string[]): Promise<void> {
  const scenarios = byMachine()
  const home = t.testdir()
  const emulator = await start(t, { fixtures: FIXTURES, scenarios, pace: 'fast', dataDir: join(home, 'data') })
  const table = readTable(name)
  const names = scenarios.map(({ name }) => name).filter(name => table[name]?.skipped === undefined)
  const all = [...command, '--explicit', emulator.url, ...names]
  const { stdout, stderr } = await run(all, explicitEnvironment(home, emulator))
  const seen = stdout.trim().split('\n').map(line => JSON.parse(line) as Seen & { readonly name: string })
  t.strictSame(seen.map(({ name }) => name), names, stderr)
  for (const { name, ...row } of seen) {
    const { total: runs } = emulator.journal.list({ operation: 'VirtualMachines_RunCommand', vmName: name })
    t.strictSame({ ...row, ...runs > 1 && { runs } }, table[name], name)
  }
}
