import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { NamedScenarios } from '../../../src/scenarios/named.js'
import { start, SUBSCRIPTION } from '../../harness/emulator.js'
import { bareEnvironment, run } from '../client.js'

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
  const home = t.testdir()
  await Promise.all(Object.entries(rows).map(async ([name, { logins, ...row }]) => {
    const emulator = await start(t, { fixtures: FIXTURES, scenarios: [named.find(name)!], dataDir: join(home, name) })
    const { stdout, stderr } = await run(commandOf(emulator.url, name), {
      ...bareEnvironment(home),
      AZURE_TENANT_ID: 'adfe0af4-7ad9-4b32-8d2d-44f1a3c0dd4a',
      AZURE_CLIENT_ID: '5b3a3c9c-4f0e-4a5e-8d3f-6e0a9f0b6f6d',
      AZURE_CLIENT_SECRET: 'a-secret',
      AZURE_SUBSCRIPTION_ID: SUBSCRIPTION,
      AZURE_POD_IDENTITY_AUTHORITY_HOST: emulator.httpUrl,
      REQUESTS_CA_BUNDLE: emulator.caFile,
      SSL_CERT_FILE: emulator.caFile,
      NODE_EXTRA_CA_CERTS: emulator.caFile
    })
    t.strictSame(JSON.parse(stdout || '{}'), row, name, { stderr })
    const operation = name === 'identity-not-ready' ? 'ManagedIdentity_*' : 'Tokens_*'
    await t.resolves(emulator.journal.verify([{ match: { operation }, times: logins }]), `${name}: ${logins} logins`)
  }))
}
