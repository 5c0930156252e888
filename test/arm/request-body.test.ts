import { setImmediate } from 'node:timers/promises'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import type { Emulator, Execution, Executor } from '../../src/index.js'
import { AUTHORIZATION, build, runCommandUrl } from '../harness/emulator.js'

// deserialize.test.ts tests which bodies are accepted and refused.

t.test('refuses a missing body', async t => {
  const emulator = await build(t)
  for (const payload of ['', ' \r\n', '\uFEFF', 'null']) {
    const { status, error } = await send(emulator, payload)
    t.equal(status, 400)
    t.strictSame(error, {
      code: 'InvalidParameter', message: "Required parameter 'body' is missing (null).", target: 'body'
    })
  }
  const { statusCode, json } = await emulator.app.inject({ method: 'POST', url: runCommandUrl(), headers: AUTHORIZATION })
  t.equal(statusCode, 400)
  t.equal(json().error.target, 'body')
})

t.test('refuses an invalid body with the mistake and its position', async t => {
  const emulator = await build(t)
  for (const [payload, message] of [
    ['{"commandId":"a"', "Unexpected end when deserializing object. Path 'commandId', line 1, position 16."],
    ['{"commandId":"a","timeout":1}', "Could not find member 'timeout' on object of type 'RunCommandInput'. Path 'timeout', line 1, position 27."],
    ['{"commandId":"a","__proto__":{}}', "Could not find member '__proto__' on object of type 'RunCommandInput'. Path '__proto__', line 1, position 29."],
    ['{"commandId":"a","constructor":{}}', "Could not find member 'constructor' on object of type 'RunCommandInput'. Path 'constructor', line 1, position 31."],
    ['{"commandId":{}}', "Error reading string. Unexpected token: StartObject. Path 'commandId', line 1, position 14."],
    ['{"commandId":"a","script":"id"}', "Error converting value \"id\" to type 'System.Collections.Generic.List`1[System.String]'. Path 'script', line 1, position 30."]
  ] as const) {
    const { status, error } = await send(emulator, payload)
    t.equal(status, 400, payload)
    t.strictSame(error, { code: 'BadRequest', message }, payload)
  }
})

t.test('truncates the parts of a body in messages', async t => {
  const emulator = await build(t)
  const long = 'x'.repeat(100_000)
  for (const payload of [`"${long}"`, `{"${long}":1}`, `{"script":"${long}"}`, `{"commandId":${'1'.repeat(100_000)}}`, `{${long}`]) {
    const { status, error } = await send(emulator, payload)
    t.equal(status, 400)
    t.ok(error.message.length < 400, `${error.message.length} characters`)
  }
})

t.test('runs the command of a body that Json.NET accepts and the contract forbids', async t => {
  const { emulator, executed } = await recordingEmulator(t)
  for (const [payload, script, args] of [
    ['{"CommandID":"RunShellScript","SCRIPT":["id"]}', 'id', []],
    ['{"commandId":"RunShellScript","script":["exit",1.50,true,null,"x"]}', 'exit\n1.5\nTrue\n\nx', []],
    ['{"commandId":"RunShellScript","script":["id"],"parameters":null}', 'id', []],
    ['{"commandId":"RunShellScript","script":["id"],"parameters":[{"Name":"a","Value":1}]}', 'id', ['1']],
    ["{commandId:'RunShellScript', script:['id',], /* all */}", 'id', []],
    ['{"commandId":1,"commandId":"RunShellScript","script":["first"],"script":["id"]}', 'id', []]
  ] as const) {
    t.equal((await send(emulator, payload)).status, 202, payload)
    const execution = await executed()
    t.match(execution.script, script, payload)
    t.strictSame(execution.args.slice(1), args, payload)
  }
})

t.test('logs the leniencies that a body needed', async t => {
  const lines: string[] = []
  const emulator = await build(t, { logger: pino({ level: 'debug' }, { write: line => { lines.push(line) } }) })
  await send(emulator, '{"COMMANDID":"RunShellScript","script":[1]}')
  await send(emulator, '{"commandId":"RunShellScript"}')
  const requests = lines.map(line => JSON.parse(line)).filter(({ msg }) => msg === 'request')
  t.strictSame(requests.map(({ leniencies }) => leniencies), [['member name', 'number'], undefined])
})

t.test('accepts a byte order mark, empty lists, and text with any character', async t => {
  const emulator = await build(t)
  for (const payload of [
    '\uFEFF{"commandId":"RunShellScript"}',
    '{"commandId":"runSHELLscript","script":[],"parameters":[]}',
    JSON.stringify({ commandId: 'RunShellScript', script: ['\u0000\ud800\u2028😀'], parameters: [{ name: '', value: '\u0000' }] })
  ]) {
    t.equal((await send(emulator, payload)).status, 202, shown(payload))
  }
})

t.test('decodes UTF-8, UTF-16 and byte order marks, and any other charset as UTF-8', async t => {
  const { emulator, executed } = await recordingEmulator(t)
  const text = '{"commandId":"RunShellScript","script":["echo é€😀"]}'
  const utf16 = Buffer.from(text, 'utf16le')
  for (const [name, type, payload] of [
    ['UTF-8', 'application/json', Buffer.from(text)],
    ['UTF-8 with its name', 'text/json; charset="UTF-8"', Buffer.from(text)],
    ['UTF-8 with the name of another charset', 'application/json;charset=ISO-8859-1', Buffer.from(text)],
    ['UTF-8 with a mark', 'application/json', Buffer.from(`\uFEFF${text}`)],
    ['UTF-16', 'application/json; charset=utf-16', utf16],
    ['UTF-16 with a mark', 'application/json', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16])],
    ['big-endian UTF-16', 'application/json; charset=utf-16', Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(utf16).swap16()])]
  ] as const) {
    t.equal((await send(emulator, payload, { 'content-type': type })).status, 202, name)
    t.match((await executed()).script, 'echo é€😀', name)
  }
})

t.test('decodes invalid bytes as U+FFFD', async t => {
  const { emulator, executed } = await recordingEmulator(t)
  for (const bytes of [[0xff], [0xc3], [0xed, 0xa0, 0x80]]) {
    const payload = Buffer.concat([Buffer.from('{"commandId":"RunShellScript","script":["'), Buffer.from(bytes), Buffer.from('"]}')])
    t.equal((await send(emulator, payload)).status, 202)
    t.match((await executed()).script, /^\uFFFD+$/)
  }
})

t.test('refuses a body with a Content-Encoding, and returns the accepted one', async t => {
  const { app } = await build(t)
  for (const encoding of ['gzip', 'br', 'identity, gzip']) {
    const { statusCode, headers } = await app.inject({
      method: 'POST',
      url: runCommandUrl(),
      headers: { ...AUTHORIZATION, 'content-type': 'application/json', 'content-encoding': encoding },
      payload: '{"commandId":"RunShellScript"}'
    })
    t.equal(statusCode, 415, encoding)
    t.equal(headers['accept-encoding'], 'identity')
  }
  const emulator = await build(t)
  t.equal((await send(emulator, '{"commandId":"RunShellScript"}', { 'content-encoding': 'Identity' })).status, 202)
})

t.test('returns the recorded error for a script that is an object', async t => {
  // Recorded: azure-powershell #8651, where PowerShell had made an object of the text.
  const body = '{\r\n  "commandId": "RunPowerShellScript",\r\n  "script": {\r\n    "CliXml": "<Objs>"\r\n  }\r\n}'
  const { status, error } = await send(await build(t), body)
  t.equal(status, 400)
  t.strictSame(error, {
    code: 'BadRequest',
    message: 'Cannot deserialize the current JSON object (e.g. {"name":"value"}) into type ' +
      "'System.Collections.Generic.List`1[System.String]' because the type requires a JSON array (e.g. [1,2,3]) to " +
      'deserialize correctly.\r\nTo fix this error either change the JSON to a JSON array (e.g. [1,2,3]) or change the ' +
      'deserialized type so that it is a normal .NET type (e.g. not a primitive type like integer, not a collection type ' +
      'like an array or List<T>) that can be deserialized from a JSON object. JsonObjectAttribute can also be added to the ' +
      "type to force it to deserialize from a JSON object.\r\nPath 'script.CliXml', line 4, position 13."
  })
})

t.test('Resource Manager counts the columns of later lines from 1, and Compute from 0', async t => {
  // Recorded: azure-powershell #4309 and azure-sdk-for-net #3487, whose bodies have an indent of two spaces.
  const emulator = await build(t)
  const body = '{\r\n  "AccountType": "StandardLRS"\r\n}'
  for (const [method, url, said] of [
    ['PUT', runCommandUrl().replace('/runCommand?', '/runCommands/cmd?'),
      "'Could not find member 'AccountType' on object of type 'ResourceDefinition'. Path 'AccountType', line 2, position 17.'."],
    ['POST', runCommandUrl(), "Path 'AccountType', line 2, position 16."]
  ] as const) {
    const headers = { ...AUTHORIZATION, 'content-type': 'application/json' }
    const response = await emulator.app.inject({ method, url, headers, payload: body })
    t.equal(response.statusCode, 400)
    t.ok(response.json().error.message.endsWith(said), `${method}: ${response.json().error.message}`)
  }
})

t.test('accepts a body of up to 4 MiB, like Resource Manager', async t => {
  const emulator = await build(t)
  const bodyOf = (bytes: number) => {
    const frame = '{"commandId":"RunShellScript","script":[""]}'
    return frame.replace('""', `"${'#'.repeat(bytes - frame.length)}"`)
  }
  t.equal((await send(emulator, bodyOf(4 * 1024 * 1024))).status, 202)
  const { status, error } = await send(emulator, bodyOf(4 * 1024 * 1024 + 1))
  t.equal(status, 413)
  t.equal(error.code, 'RequestContentTooLarge')
})

async function send ({ app }: Emulator, payload: string | Buffer, headers: Record<string, string> = {}) {
  const { statusCode, body } = await app.inject({
    method: 'POST',
    url: runCommandUrl(),
    headers: { ...AUTHORIZATION, 'content-type': 'application/json', ...headers },
    payload
  })
  return { status: statusCode, error: body === '' ? undefined : JSON.parse(body).error }
}

/** An emulator, and a function that waits for the next execution. */
async function recordingEmulator (t: Test) {
  const executions: Execution[] = []
  const executor: Executor = {
    execute (execution) {
      executions.push(execution)
      return { exitCode: 0, stdout: '', stderr: '' }
    }
  }
  const emulator = await build(t, { executor })
  const executed = async () => {
    while (executions.length === 0) await setImmediate()
    return executions.pop()!
  }
  return { emulator, executed }
}

/** For assertion messages: escapes the characters that would break the report. */
function shown (payload: string): string {
  return JSON.stringify(payload).replaceAll('\u2028', '\\u2028')
}
