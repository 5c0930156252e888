import { readFileSync } from 'node:fs'
import t from 'tap'
import { findAccount } from '../../src/environment/account.js'
import { prepareEnvironment } from '../../src/environment/environment.js'
import type { Executor } from '../../src/index.js'
import type { Run } from '../../src/rules/index.js'
import type { Scenario } from '../../src/scenarios/scenario.js'
import { outcomeOf, verdictOf, violationsIn } from '../harness/client-run.js'
import { newDirectory } from '../harness/directory.js'
import { start } from '../harness/emulator.js'
import { evidence, onMachines, PLAIN } from './evidence.js'
import { variants } from './habits.js'
import { runClient } from './run-client.js'

const executor: Executor = { execute: async () => ({ exitCode: 0, stdout: 'hello\n', stderr: '' }) }

/** The variant whose logins are many. R9 warns of one that is sent after the response to another. */
const SEVERAL = 'logs in once for each machine'

const directory = newDirectory(t)
const emulator = await start(t, { executor, dataDir: directory, port: 0, logLevel: 'silent' })
const { httpUrl } = emulator
const account = await findAccount(httpUrl, { servicePrincipals: [], subscriptions: [] })
const ca = readFileSync(emulator.caFile, 'utf8')
const env = prepareEnvironment({ ...emulator, account, ca, directory, inherited: {} })

t.test('a good client violates no rule, and a plain run shows that it keeps those that need no scenario', async t => {
  const good = await run({})
  t.strictSame(violationsIn(good), [])
  for (const id of PLAIN) t.equal(outcomeOf(id, good), 'held', id)
})

for (const id of [...PLAIN, ...Object.keys(evidence)]) {
  t.test(`a client that breaks ${id} violates that rule and no other`, async t => {
    const bad = await run({ broken: id, scenarios: evidence[id] && [evidence[id]] })
    t.strictSame(violationsIn(bad), [id])
    t.not(verdictOf(id, bad).evidence.length, 0)
  })
}

for (const variant of [undefined, ...Object.keys(variants)]) {
  t.test(`a good client that ${variant ?? 'has only one login'} keeps the rules on several machines at once`, async t => {
    const machines = onMachines.map(({ name }) => name)
    const logins = variant === SEVERAL ? machines.length : 1
    const throttled = (name: string, calls: string, retryAfter: number) =>
      ({ name, match: { operation: 'Tokens_*' }, calls, do: [{ throttle: { retryAfter } }] })
    // Of several logins, the last is sent again after the responses to the others.
    const last = logins > 1 ? [throttled('last login', `${logins}`, 2)] : []
    const scenarios = [...onMachines, ...last, throttled('logins', `1-${logins}`, 1)]
    const good = await run({ variant, machines, scenarios })
    t.strictSame(violationsIn(good), variant === SEVERAL ? ['R9'] : [])
    for (const id of ['R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7', 'R8', 'R13']) t.equal(outcomeOf(id, good), 'held', id)
  })
}

interface Setting {
  readonly broken?: string
  readonly variant?: string | undefined
  readonly machines?: readonly string[]
  readonly scenarios?: readonly Scenario[] | undefined
}

/** Sets the scenarios of the emulator and clears its journal, then runs the client. */
async function run ({ scenarios = [], ...client }: Setting): Promise<Run> {
  await admin('PUT', 'scenarios', { value: scenarios })
  await admin('DELETE', 'requests')
  const { exitCode, stdout, stderr } = await runClient({ ...client, script: ['echo hello'], env, ca })
  const { value } = await (await admin('GET', 'requests')).json() as { value: Run['entries'] }
  return { entries: value, command: { exitCode, output: `${stdout}${stderr}` } }
}

async function admin (method: string, path: string, body?: object): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${httpUrl}/_emulator/${path}`, { method, ...body && { headers, body: JSON.stringify(body) } })
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`)
  return response
}
