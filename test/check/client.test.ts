import { readFileSync } from 'node:fs'
import t from 'tap'
import { findAccount } from '../../src/environment/account.js'
import { prepareEnvironment } from '../../src/environment/environment.js'
import type { Executor } from '../../src/index.js'
import type { Run } from '../../src/rules/index.js'
import type { Scenario } from '../../src/scenarios/scenario.js'
import { API_VERSIONS, outcomeOf, verdictOf, violationsIn } from '../harness/client-run.js'
import { newDirectory } from '../harness/directory.js'
import { start } from '../harness/emulator.js'
import { evidence, PLAIN } from './evidence.js'
import { runClient } from './run-client.js'

const executor: Executor = { execute: async () => ({ exitCode: 0, stdout: 'hello\n', stderr: '' }) }

const directory = newDirectory(t)
const emulator = await start(t, { executor, dataDir: directory, port: 0, logLevel: 'silent' })
const { httpUrl } = emulator
const account = await findAccount(httpUrl, { servicePrincipals: [], subscriptions: [] })
const ca = readFileSync(emulator.caFile, 'utf8')
const env = prepareEnvironment({ ...emulator, account, ca, directory, inherited: {} })

t.test('a good client violates no rule, and a plain run shows that it keeps those that need no scenario', async t => {
  const good = await run()
  t.strictSame(violationsIn(good), [])
  for (const id of PLAIN) t.equal(outcomeOf(id, good), 'held', id)
})

for (const id of [...PLAIN, ...Object.keys(evidence)]) {
  t.test(`a client that breaks ${id} violates that rule and no other`, async t => {
    const bad = await run(id, evidence[id])
    t.strictSame(violationsIn(bad), [id])
    t.not(verdictOf(id, bad).evidence.length, 0)
  })
}

/** Clears the scenarios and the journal of the emulator, then runs the client. */
async function run (broken?: string, scenario?: Scenario): Promise<Run> {
  await admin('PUT', 'scenarios', { value: scenario === undefined ? [] : [scenario] })
  await admin('DELETE', 'requests')
  const { exitCode, stdout, stderr } = await runClient({ broken, script: ['echo hello'], env, ca })
  const { value } = await (await admin('GET', 'requests')).json() as { value: Run['entries'] }
  return { entries: value, command: { exitCode, output: `${stdout}${stderr}` }, apiVersions: API_VERSIONS }
}

async function admin (method: string, path: string, body?: object): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${httpUrl}/_emulator/${path}`, { method, ...body && { headers, body: JSON.stringify(body) } })
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`)
  return response
}
