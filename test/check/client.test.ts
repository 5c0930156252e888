import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { findAccount } from '../../src/environment/account.js'
import { prepareEnvironment } from '../../src/environment/environment.js'
import type { Executor } from '../../src/index.js'
import type { Run } from '../../src/rules/index.js'
import type { Effect } from '../../src/scenarios/scenario.js'
import { API_VERSIONS, outcomeOf, verdictOf, violationsIn } from '../harness/client-run.js'
import { start } from '../harness/emulator.js'

const CLIENT = fileURLToPath(new URL('client.js', import.meta.url))

const executor: Executor = { execute: async () => ({ exitCode: 0, stdout: 'hello\n', stderr: '' }) }

const emulator = await start(t, { executor, port: 0, logLevel: 'silent' })
const { httpUrl } = emulator
const account = await findAccount(httpUrl, { servicePrincipals: [], subscriptions: [] })
const env = prepareEnvironment({
  ...emulator,
  account,
  ca: readFileSync(emulator.caFile, 'utf8'),
  directory: t.testdir(),
  inherited: {}
})

t.test('a plain run shows which rules a client keeps, or breaks', async t => {
  const good = await run([])
  t.strictSame(violationsIn(good), [])
  for (const id of ['R3', 'R4', 'R5', 'R9', 'R10', 'R11', 'R12']) {
    t.equal(outcomeOf(id, good), 'held', id)
    t.strictSame(violationsIn(await run(['--break', id])), [id])
  }
})

/** For the other rules Azure must do something. */
const cases: Readonly<Record<string, Effect>> = {
  R2: { socket: 'reset' },
  R6: { operation: { polls: 2, retryAfter: 1 } },
  R7: { operation: { outcome: 'canceled' } },
  R8: { guest: { exitCode: 3, stderr: 'no space left' } }
}

for (const [id, effect] of Object.entries(cases)) {
  t.test(`a run with ${JSON.stringify(effect)} shows whether a client keeps ${id}`, async t => {
    const good = await run([], effect)
    t.strictSame([violationsIn(good), outcomeOf(id, good)], [[], 'held'])
    const bad = await run(['--break', id], effect)
    t.strictSame(violationsIn(bad), [id])
    t.not(verdictOf(id, bad).evidence.length, 0)
  })
}

/** Runs the client against an emulator that remembers nothing of other runs. */
async function run (args: readonly string[], effect?: Effect): Promise<Run> {
  const match = { operation: 'VirtualMachines_RunCommand' }
  await admin('PUT', 'scenarios', { value: effect === undefined ? [] : [{ name: 'case', match, do: [effect] }] })
  await admin('DELETE', 'requests')
  const { code, stdout, stderr } = await promisify(execFile)(process.execPath, [CLIENT, ...args], { env })
    .then(streams => ({ code: 0, ...streams }), error => error)
  const { value } = await (await admin('GET', 'requests')).json() as { value: Run['entries'] }
  return { entries: value, command: { exitCode: code, output: `${stdout}${stderr}` }, apiVersions: API_VERSIONS }
}

async function admin (method: string, path: string, body?: object): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${httpUrl}/_emulator/${path}`, { method, ...body && { headers, body: JSON.stringify(body) } })
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`)
  return response
}
