import t from 'tap'
import type { Emulator } from '../src/index.js'
import { AUTHORIZATION, build, runCommandUrl } from './helper.js'

/** Inferred throughout: the sentences are those of the deserializer that Compute uses (wire facts, section 3). */
const MALFORMED = [
  ['{', 'Unexpected end when deserializing object', '', 1, 1],
  ['{"commandId"', 'Unexpected end when deserializing object', 'commandId', 1, 12],
  ['{"commandId":"a"', 'Unexpected end when deserializing object', 'commandId', 1, 16],
  ['{"commandId":"a', 'Unexpected character encountered while parsing value: "', 'commandId', 1, 13],
  ['{"commandId":}', 'Unexpected character encountered while parsing value: }', 'commandId', 1, 13],
  ['{"commandId":NaN}', 'Unexpected character encountered while parsing value: N', 'commandId', 1, 13],
  ['{"commandId" "a"}', "Invalid character after parsing property name. Expected ':' but got: \"", 'commandId', 1, 13],
  ['{"commandId":"a",}', 'Invalid property identifier character: }', '', 1, 17],
  ['{"commandId":"a"} x', 'Unexpected character encountered while parsing value: x', '', 1, 18],
  ['{"commandId":"a"}{}', 'After parsing a value an unexpected character was encountered: {', '', 1, 17],
  ['{"script":["a" "b"]}', 'After parsing a value an unexpected character was encountered: "', 'script[0]', 1, 15],
  ['{"script":["a",]}', 'Unexpected character encountered while parsing value: ]', 'script[1]', 1, 15],
  ['{\r\n  "parameters": [{\r\n    "name": "a",\r\n  }]}', 'Invalid property identifier character: }', 'parameters[0]', 4, 2],
  ['{"parameters":[{"name":😀}]}', 'Unexpected character encountered while parsing value: 😀', 'parameters[0].name', 1, 23],
  ['// a comment\n{}', 'Unexpected character encountered while parsing value: /', '', 1, 0],
  ['commandId=RunShellScript', 'Unexpected character encountered while parsing value: c', '', 1, 0],
  ['<RunCommandInput/>', 'Unexpected character encountered while parsing value: <', '', 1, 0],
  ['\u0000', 'Unexpected character encountered while parsing value: \u0000', '', 1, 0]
] as const

t.test('says what is wrong with JSON that cannot be read, and where', async t => {
  const emulator = await build(t)
  for (const [payload, reason, path, line, position] of MALFORMED) {
    const { status, error } = await send(emulator, payload)
    t.equal(status, 400, shown(payload))
    t.strictSame(error, {
      code: 'BadRequest',
      message: `The request body is not valid JSON: ${reason}. Path '${path}', line ${line}, position ${position}.`
    }, shown(payload))
  }
})

t.test('says that a body is missing', async t => {
  const emulator = await build(t)
  for (const payload of ['', ' \r\n', '\uFEFF']) {
    const { status, error } = await send(emulator, payload)
    t.equal(status, 400)
    t.strictSame(error, {
      code: 'InvalidParameter', message: "Required parameter 'body' is missing (null).", target: 'body'
    })
  }
})

t.test('says which part of a body is missing', async t => {
  const emulator = await build(t)
  for (const [payload, target] of [
    ['{}', 'commandId'],
    ['{"script":["a"]}', 'commandId'],
    ['{"CommandId":"RunShellScript"}', 'commandId'],
    ['{"commandId":"RunShellScript","parameters":[{"name":"a","value":"b"},{"name":"c"}]}', 'parameters[1].value'],
    ['{"commandId":"RunShellScript","parameters":[{}]}', 'parameters[0].name']
  ] as const) {
    const { status, error } = await send(emulator, payload)
    t.equal(status, 400, shown(payload))
    t.strictSame(error, {
      code: 'InvalidParameter', message: `Required parameter '${target}' is missing (null).`, target
    }, shown(payload))
  }
})

t.test('says which value of a body is of the wrong type', async t => {
  const emulator = await build(t)
  const list = 'System.Collections.Generic.List`1'
  for (const [payload, value, type, path, line, position] of [
    ['[]', '[]', 'RunCommandInput', '', 1, 2],
    ['null', 'null', 'RunCommandInput', '', 1, 4],
    ['"RunShellScript"', '"RunShellScript"', 'RunCommandInput', '', 1, 16],
    ['{"commandId":null}', 'null', 'System.String', 'commandId', 1, 17],
    ['{"commandId":\n  [1, 2]}', '[1, 2]', 'System.String', 'commandId', 2, 8],
    ['{"commandId":"a","script":"id"}', '"id"', list, 'script', 1, 30],
    ['{"commandId":"a","script":{"0":"id"}}', '{"0":"id"}', list, 'script', 1, 36],
    ['{"commandId":"a","script":["id",1.50]}', '1.50', 'System.String', 'script[1]', 1, 36],
    ['{"commandId":"a","parameters":{"a":"b"}}', '{"a":"b"}', list, 'parameters', 1, 39],
    ['{"commandId":"a","parameters":["b"]}', '"b"', 'RunCommandInputParameter', 'parameters[0]', 1, 34],
    ['{"commandId":"a","parameters":[{"name":"a","value":1}]}', '1', 'System.String', 'parameters[0].value', 1, 52],
    [`{"commandId":["${'x'.repeat(200)}"]}`, `["${'x'.repeat(98)}…`, 'System.String', 'commandId', 1, 217]
  ] as const) {
    const { status, error } = await send(emulator, payload)
    t.equal(status, 400, shown(payload))
    t.strictSame(error, {
      code: 'BadRequest',
      message: `Error converting value ${value} to type '${type}'. Path '${path}', line ${line}, position ${position}.`
    }, shown(payload))
  }
})

t.test('says which member of a body is not known', async t => {
  // Recorded for the PUT of a virtual machine: azure-sdk-for-net #37855.
  const emulator = await build(t)
  const input = 'RunCommandInput'
  for (const [payload, member, type, path, line, position] of [
    ['{"commandId":"a","timeout":1}', 'timeout', input, 'timeout', 1, 27],
    ['{"timeout" :\n1,"commandId":"a"}', 'timeout', input, 'timeout', 1, 12],
    ['{"commandId":"a","__proto__":{}}', '__proto__', input, '__proto__', 1, 29],
    ['{"commandId":"a","constructor":{}}', 'constructor', input, 'constructor', 1, 31],
    ['{"commandId":"a","Script":["id"]}', 'Script', input, 'Script', 1, 26],
    ['{"commandId":"a","0":1}', '0', input, '0', 1, 21],
    ['{"commandId":"a","parameters":[{"name":"a","value":"b","type":"string"}]}', 'type', 'RunCommandInputParameter',
      'parameters[0].type', 1, 62]
  ] as const) {
    const { status, error } = await send(emulator, payload)
    t.equal(status, 400, shown(payload))
    t.strictSame(error, {
      code: 'BadRequest',
      message: `Could not find member '${member}' on object of type '${type}'. Path '${path}', line ${line}, position ${position}.`
    }, shown(payload))
  }
})

t.test('takes the last of several members with one name, and shows that one where it is wrong', async t => {
  const emulator = await build(t)
  t.equal((await send(emulator, '{"commandId":1,"commandId":"RunShellScript"}')).status, 202)
  const { error } = await send(emulator, '{"commandId":"RunShellScript","commandId":1}')
  t.equal(error.message, "Error converting value 1 to type 'System.String'. Path 'commandId', line 1, position 43.")
})

t.test('takes a byte order mark, lists that are empty, and text with any character', async t => {
  const emulator = await build(t)
  for (const payload of [
    '\uFEFF{"commandId":"RunShellScript"}',
    '{"commandId":"runSHELLscript","script":[],"parameters":[]}',
    JSON.stringify({ commandId: 'RunShellScript', script: ['\u0000\ud800\u2028😀'], parameters: [{ name: '', value: '\u0000' }] })
  ]) {
    t.equal((await send(emulator, payload)).status, 202, shown(payload))
  }
})

t.test('answers a body that is nested 100,000 times', async t => {
  const emulator = await build(t)
  const [open, close] = ['['.repeat(100_000), ']'.repeat(100_000)]
  for (const [payload, message] of [
    [open, /^The request body is not valid JSON: /],
    [`{"commandId":${open}}`, /^The request body is not valid JSON: /],
    [`${open}${close}`, /^Error converting value \[{100}… to type 'RunCommandInput'\. Path '',/],
    [`{"commandId":${open}${close}}`, /^Error converting value {"commandId":\[{87}… to type 'System\.String'\./],
    ['{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000), /^(?:Could not find member 'a'|Required parameter 'commandId')/]
  ] as const) {
    const { status, error } = await send(emulator, payload)
    t.equal(status, 400)
    t.match(error.message, message)
    t.ok(error.message.length < 400, `${error.message.length} characters`)
  }
})

t.test('takes a body of up to 4 MiB, as Resource Manager does', async t => {
  const emulator = await build(t)
  const bodyOf = (bytes: number) => {
    const frame = '{"commandId":"RunShellScript","script":[""]}'
    return frame.replace('""', `"${'#'.repeat(bytes - frame.length)}"`)
  }
  t.equal((await send(emulator, bodyOf(4 * 1024 * 1024))).status, 202)
  const { status, error } = await send(emulator, bodyOf(4 * 1024 * 1024 + 1))
  t.equal(status, 413)
  t.equal(error.code, 'RequestEntityTooLarge')
})

async function send ({ app }: Emulator, payload: string) {
  const { statusCode, body } = await app.inject({
    method: 'POST',
    url: runCommandUrl(),
    headers: { ...AUTHORIZATION, 'content-type': 'application/json' },
    payload
  })
  return { status: statusCode, error: body === '' ? undefined : JSON.parse(body).error }
}

/** For the name of an assertion: with the characters that would break the report escaped. */
function shown (payload: string): string {
  return JSON.stringify(payload).replaceAll('\u2028', '\\u2028')
}
