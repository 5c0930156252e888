import { join } from 'node:path'
import type { Test } from 'tap'
import { start, SUBSCRIPTION } from '../../harness/emulator.js'
import { bareEnvironment, commandOf, run, type Client } from '../client.js'
import { byMachine, readTable, type Seen } from '../named/named.js'

const FIXTURES = [{ name: 'hi', result: { stdout: 'hi' } }]

/** Seconds for all scenarios together. */
const TIMEOUT = '40'

/** The release whose users' view test/clients/named/python.json has. */
const RELEASE = 'python/39'

/** What a user sees of each named scenario. */
export async function cases (t: Test, client: Client): Promise<void> {
  if (client.name !== RELEASE) return
  const scenarios = byMachine()
  const home = t.testdir()
  const emulator = await start(t, { fixtures: FIXTURES, scenarios, pace: 'fast', dataDir: join(home, 'data') })
  const table = readTable('python')
  const names = scenarios.map(({ name }) => name).filter(name => table[name]?.skipped === undefined)
  const [python, main] = commandOf(client, []) as [string, string]
  const program = main.replace(/main\.py$/, 'named.py')
  const { stdout, stderr } = await run([python, program, '--explicit', emulator.url, '--timeout', TIMEOUT, ...names], {
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
