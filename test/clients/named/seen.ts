import { join } from 'node:path'
import type { Test } from 'tap'
import { start, SUBSCRIPTION } from '../../harness/emulator.js'
import { bareEnvironment, commandOf, run, type Client } from '../client.js'
import { byMachine, readTable, type Seen } from './named.js'

const FIXTURES = [{ name: 'hi', result: { stdout: 'hi' } }]

/** Compares what a user sees in each named scenario with the client's table. named.py has a timeout in seconds. */
export async function testNamedScenarios (t: Test, client: Client, timeout: number): Promise<void> {
  const scenarios = byMachine()
  const home = t.testdir()
  const emulator = await start(t, { fixtures: FIXTURES, scenarios, pace: 'fast', dataDir: join(home, 'data') })
  const table = readTable(client.group)
  const names = scenarios.map(({ name }) => name).filter(name => table[name]?.skipped === undefined)
  const [python, main] = commandOf(client, []) as [string, string]
  const program = main.replace(/main\.py$/, 'named.py')
  const { stdout, stderr } = await run([python, program, '--explicit', emulator.url, '--timeout', `${timeout}`, ...names], {
    ...bareEnvironment(home),
    AZURE_TENANT_ID: 'adfe0af4-7ad9-4b32-8d2d-44f1a3c0dd4a',
    AZURE_CLIENT_ID: '5b3a3c9c-4f0e-4a5e-8d3f-6e0a9f0b6f6d',
    AZURE_CLIENT_SECRET: 'a-secret',
    AZURE_SUBSCRIPTION_ID: SUBSCRIPTION,
    REQUESTS_CA_BUNDLE: emulator.caFile
  })
  const seen = stdout.trim().split('\n').map(line => JSON.parse(line) as Seen & { readonly name: string })
  t.strictSame(seen.map(({ name }) => name), names, stderr)
  for (const { name, ...row } of seen) {
    const { total: runs } = emulator.journal.list({ operation: 'VirtualMachines_RunCommand', vmName: name })
    t.strictSame({ ...row, ...runs > 1 && { runs } }, table[name], name)
  }
}
