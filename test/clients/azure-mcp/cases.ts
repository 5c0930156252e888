import { join } from 'node:path'
import type { Test } from 'tap'
import { commandOf, exec, run, type Client, type Ended } from '../client.js'
import { startForClient } from '../own-azrun.js'
import { serveAgent } from './agent.js'
import { OPTIONS, SETTINGS, UNKNOWN } from './surroundings.js'

const GET_VM = ['compute', 'vm', 'get', '--resource-group', 'rg', '--instance-view', '--vm-name']

interface Login {
  readonly way: string
  /** What chooses this way. */
  readonly env: Readonly<Record<string, string>>
  readonly requests: readonly string[]
}

const LOGINS: readonly Login[] = [
  { way: 'a service principal', env: {}, requests: ['InstanceDiscovery_Get 200', 'Tokens_IssueV2 200'] },
  {
    way: 'the managed identity of App Service',
    env: { AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential' },
    requests: ['ManagedIdentity_GetAppService 200']
  },
  {
    way: 'the managed identity of a machine',
    env: { AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential', IDENTITY_ENDPOINT: '', IDENTITY_HEADER: '' },
    // The first request is to find out whether there is such a service.
    requests: ['ManagedIdentity_GetInstance 400', 'ManagedIdentity_GetInstance 200']
  }
]

/** Runs it as a command, and as the server of an agent. */
export async function cases (t: Test, client: Client): Promise<void> {
  t.test('runs as a command with azrun exec', async t => { await asCommand(t, client) })
  t.test('logs in', async t => { await logIn(t, client) })
  t.test('serves an agent', async t => { await serveAgent(t, client) })
}

async function asCommand (t: Test, client: Client): Promise<void> {
  const home = t.testdir({ 'azrun.json': JSON.stringify(OPTIONS) })
  const azmcp = async (...words: string[]) =>
    await exec(home, ['--config', join(home, 'azrun.json')], commandOf(client, words), SETTINGS)

  t.test('prints a machine with its power state', async t => {
    const ended = await azmcp(...GET_VM, 'off')
    const Vm = { name: 'off', location: 'westeurope', osType: 'Linux', provisioningState: 'Succeeded' }
    t.match(printed(ended), { status: 200, results: { Vm, InstanceView: { powerState: 'deallocated' } } })
    t.equal(ended.code, 0)
  })

  t.test("prints Azure's error for an unknown machine, and exits with 1", async t => {
    const ended = await azmcp(...GET_VM, 'unknown')
    t.match(printed(ended), { status: 404, results: { message: UNKNOWN } })
    t.equal(ended.code, 1)
  })
}

async function logIn (t: Test, client: Client): Promise<void> {
  const { emulator, env } = await startForClient(t, OPTIONS)
  for (const { way, env: chosen, requests } of LOGINS) {
    t.test(`with ${way}`, async t => {
      emulator.journal.clear()
      const ended = await run(commandOf(client, ['group', 'list']), { ...env, ...SETTINGS, ...chosen })
      t.match(printed(ended), { results: { groups: [{ name: 'rg', location: 'westeurope' }] } })
      const seen = emulator.journal.list().value.map(({ operation, status }) => `${operation} ${status}`)
      t.strictSame(seen, [...requests, 'Subscriptions_Get 200', 'ResourceGroups_List 200'])
    })
  }
}

/** The JSON that the command printed, after its log. */
function printed ({ stdout, stderr }: Ended): object {
  const start = stdout.search(/^\{/m)
  if (start === -1) throw new Error(`the program printed no JSON: ${stdout}${stderr}`)
  return JSON.parse(stdout.slice(start))
}
