import t, { type Test } from 'tap'
import { createEmulator } from '../../src/index.js'
import { API_VERSION, AUTHORIZATION, runCommandUrl, SUBSCRIPTION } from '../harness/emulator.js'
import { tokenOf } from '../harness/pages.js'

const COMMAND = { commandId: 'RunShellScript', script: ['make'] }
const FIXTURES = [
  { name: 'make', match: { vmName: 'vm' }, result: { stdout: 'made\n', durationMs: 60_000 } },
  { name: 'broken', match: { vmName: 'broken' }, error: { code: 'Broken', message: 'It is broken.' } }
]
const LOGIN = { grant_type: 'client_credentials', client_id: 'app', client_secret: 'x', scope: 'https://management.azure.com/.default' }

/** The responses to a client that logs in, runs commands, polls and makes mistakes. */
async function run (t: Test, seed?: number): Promise<string[]> {
  const emulator = await createEmulator({ clock: 'virtual', fixtures: FIXTURES, seed })
  t.teardown(() => emulator.close())
  const responses: string[] = []
  const send = async (method: 'GET' | 'POST', url: string, payload?: object | string, more: Record<string, string> = {}) => {
    const path = url.replace(/^https?:\/\/[^/]+/, '')
    const headers = { ...AUTHORIZATION, ...more }
    const response = await emulator.app.inject({ method, url: path, headers, ...payload !== undefined && { payload } })
    const { statusCode, headers: received, body } = response
    // The key that signs tokens does not come from the seed.
    responses.push(JSON.stringify([statusCode, received, body.replaceAll(/ey[\w-]+\.(ey[\w-]+)\.[\w-]+/g, '$1')]))
    return received
  }
  const form = (fields: Record<string, string>) => [`${new URLSearchParams(fields)}`, { 'content-type': 'application/x-www-form-urlencoded' }] as const
  await send('POST', `/${SUBSCRIPTION}/oauth2/v2.0/token`, ...form(LOGIN))
  await send('POST', `/${SUBSCRIPTION}/oauth2/v2.0/token`, ...form({ ...LOGIN, grant_type: 'none' }))
  await send('POST', `/${SUBSCRIPTION}/oauth2/v2.0/devicecode`, ...form({ client_id: 'app', scope: 'openid' }))
  await send('GET', `/subscriptions/${SUBSCRIPTION}/resourceGroups?api-version=2022-12-01`)
  const accepted = await send('POST', runCommandUrl(), COMMAND)
  await send('POST', runCommandUrl(), COMMAND)
  await send('POST', runCommandUrl({ vmName: 'broken' }), COMMAND, { prefer: 'wait=10' })
  await send('POST', runCommandUrl(), { commandId: 'None' })
  await send('GET', `/subscriptions/${SUBSCRIPTION}/none?api-version=${API_VERSION}`)
  await emulator.clock.advance('30s')
  const held = send('GET', `${accepted['azure-asyncoperation']}`)
  await emulator.clock.advance('30s')
  await held
  await send('GET', `${accepted['azure-asyncoperation']}`)
  await send('GET', `${accepted.location}`)
  await send('GET', `${accepted.location}&x=1`)
  return responses
}

t.test('the same seed, requests and virtual time give the same responses, byte for byte', async t => {
  const [first, second] = [await run(t, 7), await run(t, 7)]
  t.equal(first.length, 13)
  t.strictSame(second, first)
})

t.test('another seed, or none, changes every response', async t => {
  const [first, other, random, another] = [await run(t, 7), await run(t, 8), await run(t), await run(t)]
  for (const [index, response] of first.entries()) {
    for (const run of [other, random, another]) t.not(run[index], response, response.slice(0, 100))
    t.not(random[index], another[index])
  }
})

t.test('two emulators with the same seed have different signing keys and page tokens', async t => {
  const secrets = async () => {
    const emulator = await createEmulator({ seed: 7 })
    t.teardown(() => emulator.close())
    return { keys: (await emulator.app.inject('/common/discovery/keys')).body, token: await tokenOf(emulator) }
  }
  const [one, other] = [await secrets(), await secrets()]
  t.not(one.keys, other.keys)
  t.not(one.token, other.token)
})
