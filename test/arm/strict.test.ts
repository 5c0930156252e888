import t, { type Test } from 'tap'
import { AUTHORIZATION, build, get, runCommand, runCommandUrl, SUBSCRIPTION } from '../harness/emulator.js'

const STRICT = { strict: true, virtualMachines: [{ subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'vm' }] }
const MACHINE = runCommandUrl().replace('/runCommand?', '?')
const RUN_COMMANDS = runCommandUrl().replace('/runCommand?', '/runCommands?')

/** The status, code and message of the response to a body with --strict, and the status without it. */
async function responsesTo (t: Test, payload: string): Promise<{ strict: string, lenient: number }> {
  const headers = { ...AUTHORIZATION, 'content-type': 'application/json' }
  const send = async (strict: boolean) =>
    await (await build(t, { ...STRICT, strict })).app.inject({ method: 'POST', url: runCommandUrl(), headers, payload })
  const { statusCode, body } = await send(true)
  const { error } = JSON.parse(body || '{"error":{}}')
  return { strict: `${statusCode} ${error.code}: ${error.message}`, lenient: (await send(false)).statusCode }
}

const REFUSED = {
  'a member name in the wrong case': ['{"CommandId":"RunShellScript"}',
    "Could not find member 'CommandId' on object of type 'RunCommandInput'. Path 'CommandId', line 1, position 13."],
  'a number instead of text': ['{"commandId":"RunShellScript","script":[5]}',
    "Error converting value 5 to type 'System.String'. Path 'script[0]', line 1, position 41."],
  'a boolean instead of text': ['{"commandId":"RunShellScript","parameters":[{"name":"a","value":true}]}',
    "Error converting value True to type 'System.String'. Path 'parameters[0].value', line 1, position 68."],
  'null instead of a list': ['{"commandId":"RunShellScript","script":null}',
    "Error converting value {null} to type 'System.Collections.Generic.List`1[System.String]'. Path 'script', line 1, position 43."],
  'null instead of a line of a script': ['{"commandId":"RunShellScript","script":[null]}',
    "Error converting value {null} to type 'System.String'. Path 'script[0]', line 1, position 44."],
  'an empty text instead of a list': ['{"commandId":"RunShellScript","script":""}',
    "Error converting value \"\" to type 'System.Collections.Generic.List`1[System.String]'. Path 'script', line 1, position 41."],
  'invalid JSON': ["{'commandId':'RunShellScript'}",
    "azrun is strict and refuses what Azure lets pass: the body is not JSON at path '', line 1, position 2."]
} as const

for (const [what, [body, message]] of Object.entries(REFUSED)) {
  t.test(`--strict refuses ${what}, which Azure accepts`, async t => {
    t.strictSame(await responsesTo(t, body), { strict: `400 BadRequest: ${message}`, lenient: 202 })
  })
}

t.test('a body that is null is refused as missing, with --strict or without', async t => {
  t.strictSame(await responsesTo(t, 'null'), { strict: "400 InvalidParameter: Required parameter 'body' is missing (null).", lenient: 400 })
})

t.test('--strict refuses mistakes in a query that Azure accepts', async t => {
  const [strict, lenient] = [await build(t, STRICT), await build(t, { ...STRICT, strict: false })]
  const ours = 'azrun is strict and refuses what Azure lets pass: query parameter'
  for (const [url, message] of [
    [`${MACHINE}&filter=x`, `${ours} 'filter' is not in the contract: remove it.`],
    [MACHINE.replace('api-version', 'API-Version'), `${ours} 'API-Version' has the wrong case: write 'api-version'.`],
    [`${RUN_COMMANDS}&$expand=&$expand=`, `${ours} '$expand' is sent 2 times, and Azure joins its values with commas: send it once.`],
    [`${MACHINE}&$expand=instanceview`, `${ours} '$expand' is 'instanceview', and it must be instanceView or userData.`]
  ] as const) {
    const response = await get(strict, url)
    t.strictSame([response.statusCode, response.json().error.message], [400, message])
    t.equal((await get(lenient, url)).statusCode, 200, url)
  }
})

t.test('--strict refuses a deprecated api-version, and accepts newer ones', async t => {
  const [strict, lenient] = [await build(t, STRICT), await build(t, { ...STRICT, strict: false })]
  const statuses = async (version: string) => {
    const url = MACHINE.replace(/[^=]*$/, version)
    return [(await get(strict, url)).statusCode, (await get(lenient, url)).statusCode]
  }
  t.strictSame(await statuses('2024-05-01-preview'), [404, 200])
  t.strictSame(await statuses('2029-01-01'), [200, 200])
  t.strictSame(await statuses('2024-03-01'), [200, 200])
})

t.test('--strict accepts requests that keep to the contract, and polls of signed URLs', async t => {
  const emulator = await build(t, STRICT)
  const { statusCode, headers } = await runCommand(emulator, { commandId: 'RunShellScript', script: ['df'], parameters: [] })
  t.equal(statusCode, 202)
  for (const name of ['location', 'azure-asyncoperation']) t.equal((await get(emulator, `${headers[name]}`)).statusCode, 200)
})

t.test('--strict reports a missing resource before a mistake in the query', async t => {
  const emulator = await build(t, STRICT)
  t.equal((await get(emulator, `${MACHINE.replace('/vm?', '/none?')}&x=1`)).statusCode, 404)
})
