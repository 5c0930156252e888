import { join } from 'node:path'
import type { Test } from 'tap'
import { start, SUBSCRIPTION } from '../../harness/emulator.js'
import { bareEnvironment, run } from '../client.js'
import { byMachine, readTable, type Seen } from './named.js'

const FIXTURES = [{ name: 'hi', result: { stdout: 'hi' } }]

/** Compares what a user sees in each named scenario with a table. `command` takes the scenarios as arguments. */
export async function testNamedScenarios (t: Test, name: string, command: readonly string[]): Promise<void> {
  const scenarios = byMachine()
  const home = t.testdir()
  const emulator = await start(t, { fixtures: FIXTURES, scenarios, pace: 'fast', dataDir: join(home, 'data') })
  const table = readTable(name)
  const names = scenarios.map(({ name }) => name).filter(name => table[name]?.skipped === undefined)
  const { stdout, stderr } = await run([...command, '--explicit', emulator.url, ...names], {
    ...bareEnvironment(home),
    AZURE_TENANT_ID: 'adfe0af4-7ad9-4b32-8d2d-44f1a3c0dd4a',
    AZURE_CLIENT_ID: '5b3a3c9c-4f0e-4a5e-8d3f-6e0a9f0b6f6d',
    AZURE_CLIENT_SECRET: 'a-secret',
    AZURE_SUBSCRIPTION_ID: SUBSCRIPTION,
    REQUESTS_CA_BUNDLE: emulator.caFile,
    SSL_CERT_FILE: emulator.caFile
  })
  const seen = stdout.trim().split('\n').map(line => JSON.parse(line) as Seen & { readonly name: string })
  t.strictSame(seen.map(({ name }) => name), names, stderr)
  for (const { name, ...row } of seen) {
    const { total: runs } = emulator.journal.list({ operation: 'VirtualMachines_RunCommand', vmName: name })
    t.strictSame({ ...row, ...runs > 1 && { runs } }, table[name], name)
  }
}
