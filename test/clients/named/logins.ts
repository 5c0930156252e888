import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { NamedScenarios } from '../../../src/scenarios/named.js'
import { start } from '../../harness/emulator.js'
import { run } from '../client.js'
import { explicitEnvironment } from '../explicit.js'

/** What a user sees of a login in a scenario, and its number of token requests: `2`, or a range such as `2-`. */
interface SeenLogin {
  readonly returns?: string
  readonly error?: string
  readonly logins: string
}

const FIXTURES = [{ name: 'hi', result: { stdout: 'hi' } }]

const TABLES = new URL('.', import.meta.url)

/** Compares what a user sees in each scenario of logins with a table. `commandOf` returns the command to run. */
export async function testNamedLogins (t: Test, table: string,
  commandOf: (url: string, name: string) => readonly string[]): Promise<void> {
  const rows: Record<string, SeenLogin> = JSON.parse(readFileSync(new URL(`${table}.json`, TABLES), 'utf8'))
  const named = new NamedScenarios()
  // Each azrun has a CA of its own.
  const home = t.testdir(Object.fromEntries(Object.keys(rows).map(name => [name, {}])))
  await Promise.all(Object.entries(rows).map(async ([name, { logins, ...row }]) => {
    const dir = join(home, name)
    const emulator = await start(t, { fixtures: FIXTURES, scenarios: [named.find(name)!], dataDir: join(dir, 'data') })
    const { stdout, stderr } = await run(commandOf(emulator.url, name), {
      ...explicitEnvironment(dir, emulator),
      AZURE_POD_IDENTITY_AUTHORITY_HOST: emulator.httpUrl,
      // Go reads no other address of managed identity, so it asks 169.254.169.254 through azrun as its proxy.
      HTTP_PROXY: emulator.httpUrl,
      NO_PROXY: 'localhost,127.0.0.1'
    })
    t.strictSame(JSON.parse(stdout || '{}'), row, name, { stderr })
    const operation = name === 'identity-not-ready' ? 'ManagedIdentity_*' : 'Tokens_*'
    await t.resolves(emulator.journal.verify([{ match: { operation }, times: logins }]), `${name}: ${logins} logins`)
  }))
}
