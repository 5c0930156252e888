import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { VirtualClock } from '../src/index.js'
import { AUTHORIZATION, start } from './helper.js'
import { exchange, type WireAnswer } from './wire.js'

type Recorder = 'az' | 'java'

interface Exchange {
  readonly request: {
    readonly method: string
    readonly path: string
    readonly headers: Readonly<Record<string, string>>
    readonly body: string | null
  }
  readonly response: {
    readonly status: number
    readonly headers: Readonly<Record<string, string | string[]>>
    readonly body: string
  }
}

/** A header in which a recording and azrun differ although azrun answers as Azure did (wire facts, section 2). */
interface Distortion {
  readonly header: string
  readonly of: readonly Recorder[]
  /** Who has it, or that the values differ. */
  readonly differs: 'only recorded' | 'only azrun' | 'value'
  /** The header beside which it is a distortion; default: always. */
  readonly beside?: string
  readonly why: string
}

const BOTH = ['az', 'java'] as const
const DISTORTIONS: readonly Distortion[] = [
  { header: 'content-length', of: BOTH, differs: 'only recorded', beside: 'transfer-encoding', why: 'the recorders add the length to a body that came in chunks' },
  { header: 'retry-after', of: ['java'], differs: 'only recorded', why: 'the Java recorder adds 0, so that a replay does not wait' },
  { header: 'location', of: BOTH, differs: 'value', why: 'the Java recorder makes the host localhost:1234; the az one keeps management.azure.com' },
  { header: 'azure-asyncoperation', of: BOTH, differs: 'value', why: 'as location' },
  { header: 'server', of: BOTH, differs: 'value', why: 'Azure sends Microsoft-HTTPAPI/2.0 twice, of which the Java recorder keeps one; azrun says what it is, once' },
  { header: 'content-encoding', of: ['az'], differs: 'only azrun', why: 'the az recorder stores bodies unpacked, and leaves out that they were packed' },
  { header: 'x-ms-request-id', of: ['az'], differs: 'only azrun', why: 'the az recorder strips it' },
  { header: 'x-ms-correlation-request-id', of: ['az'], differs: 'only azrun', why: 'the az recorder strips it' },
  { header: 'x-ms-routing-request-id', of: ['az'], differs: 'only azrun', why: 'the az recorder strips it' },
  { header: 'x-ms-ratelimit-remaining-subscription-reads', of: ['az'], differs: 'only azrun', why: 'the az recorder strips it' },
  { header: 'connection', of: BOTH, differs: 'only azrun', why: 'it belongs to the connection, not to the answer; recorders leave it out' },
  { header: 'keep-alive', of: BOTH, differs: 'only azrun', why: 'as connection' }
]

const GUID = '[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}'
const STAMP = '[A-Z]{3}, \\d{2} [A-Z]{3} \\d{4} \\d{2}:\\d{2}:\\d{2} GMT'

/** What both sides' values look like where they cannot be equal; every other header's are. */
const FORMS: Readonly<Record<string, RegExp>> = {
  date: new RegExp(`^${STAMP}$`, 'i'),
  server: /^(?:Microsoft-HTTPAPI\/2\.0(?:, )?){1,2}$|^azrun\/\d+\.\d+\.\d+$/,
  'x-ms-request-id': new RegExp(`^${GUID}$`),
  'x-ms-correlation-request-id': new RegExp(`^${GUID}$`),
  'x-ms-routing-request-id': new RegExp(`^[A-Z]+:\\d{8}T\\d{6}Z:${GUID}$`),
  'x-ms-ratelimit-remaining-subscription-reads': /^\d+$/,
  'x-ms-ratelimit-remaining-subscription-writes': /^\d+$/
}

/** The distortions that were met. */
const used = new Set<Distortion>()

t.test('answers the captured sessions as Azure did', async t => {
  await t.test('the session of the Azure CLI', async t => {
    const exchanges = read(t, 'azcli_vm__latest__test_vm_run_command_e2e.json')
    if (exchanges === undefined) return
    const { stdout, stderr } = streamsOf(exchanges)
    // Recorded: the last 4096 bytes of a stream; the script wrote more than that.
    t.equal(Buffer.byteLength(stdout), 4096)
    t.equal(Buffer.byteLength(stderr), 401)
    const result = { stdout: `${'an earlier line\n'.repeat(300)}${stdout}`, stderr }
    const lengths = await replay(t, exchanges, { recorder: 'az', location: 'westus', result })
    t.strictSame(lengths, [5725, 626, 0, 134, 5030, 4805])
  })

  await t.test('the session of the Java SDK', async t => {
    const exchanges = read(t, 'java_canRunScriptOnVM.json')
    if (exchanges === undefined) return
    const lengths = await replay(t, exchanges, { recorder: 'java', location: 'eastus', result: streamsOf(exchanges) })
    t.strictSame(lengths, [0, 134, 0, 134, 0, 134, 0, 3035, 2810])
  })

  const skip = used.size === 0 && 'nothing was replayed'
  t.strictSame(DISTORTIONS.filter(each => !used.has(each)), [], 'each distortion of the table is met', { skip })
})

interface Replay {
  readonly recorder: Recorder
  readonly location: string
  readonly result: { readonly stdout: string, readonly stderr: string }
}

/** Sends what was sent, when it was sent, compares the answers, and returns the length of each body of azrun's. */
async function replay (t: Test, exchanges: readonly Exchange[],
  { recorder, location, result }: Replay): Promise<number[]> {
  const action = exchanges.find(({ request }) => request.method === 'POST')!
  // The Java recorder drops the bodies of requests: a script of our own stands for the recorded one.
  const body = action.request.body ?? '{"commandId":"RunShellScript","script":["recorded"]}'
  const { startTime, endTime, id: recordedId } = operationOf(exchanges)
  const clock = new VirtualClock(new Date(dateOf(exchanges[0]!)))
  const vm = virtualMachineOf(action.request.path)
  const emulator = await start(t, {
    clock,
    pace: 'azure',
    delay: endTime - startTime,
    virtualMachines: [{ ...vm, location }],
    fixtures: [{ name: 'recorded', match: { vmName: vm.name, script: JSON.parse(body).script.join('\n') }, result }]
  })
  const origin = recorder === 'az' ? emulator.url : emulator.httpUrl
  const lengths: number[] = []
  let operationId = ''
  for (const each of exchanges) {
    const isAction = each === action
    await clock.advance(Math.max(0, (isAction ? startTime : dateOf(each)) - clock.now().getTime()))
    const { method, path, headers } = each.request
    const url = path.replace(/^https?:\/\/[^/]+/, origin).replace(recordedId, operationId)
    const answer = await exchange(emulator, url, {
      method,
      headers: { ...headers, ...AUTHORIZATION, ...isAction && { 'Content-Length': Buffer.byteLength(body) } },
      ...isAction && { body }
    })
    // Recorded by the Java SDK, and in azure-powershell #8848: the id of the request is that of the operation.
    if (isAction) operationId = answer.headers['x-ms-request-id']!
    lengths.push(compare(t, each, answer, { recorder, recordedId, operationId, origin }))
  }
  return lengths
}

interface Names {
  readonly recorder: Recorder
  readonly recordedId: string
  readonly operationId: string
  readonly origin: string
}

/** Compares an answer with the recorded one and returns the length of its body, every time in it written out. */
function compare (t: Test, { request, response }: Exchange, answer: WireAnswer, names: Names): number {
  const title = `${request.method} ${request.path.replace(/^.*\/(?:locations|providers)\//, '')}`
  const theirs = lowerCase(response.headers)
  const body = `${answer.headers['content-encoding'] === 'gzip' ? gunzipSync(answer.body) : answer.body}`
  t.equal(answer.status, response.status, `${title}: status`)
  t.strictSame(comparable(answer.headers, theirs, 'only azrun', names.recorder),
    comparable(theirs, answer.headers, 'only recorded', names.recorder), `${title}: header names`)
  for (const [name, value] of Object.entries(answer.headers)) {
    if (name in theirs) compareValue(t, `${title}: ${name}`, { name, ours: value, theirs: theirs[name]! }, names)
    else if (name in FORMS) t.match(value, FORMS[name]!, `${title}: ${name}`)
  }
  t.equal(normalised(body, names), normalised(response.body, names), `${title}: body`)
  const id = answer.headers['x-ms-correlation-request-id']
  t.ok(answer.headers['x-ms-routing-request-id']?.endsWith(`:${id}`), `${title}: the routing id ends with that id`)
  return Buffer.byteLength(body.replaceAll(TIME, (_, ms, rest: string) => `${ms}${rest.padEnd(4, '0')}+00:00`))
}

interface Value {
  readonly name: string
  readonly ours: string
  readonly theirs: string
}

function compareValue (t: Test, title: string, { name, ours, theirs }: Value, names: Names): void {
  const distortion = DISTORTIONS.find(each => each.header === name && each.differs === 'value')
  if (distortion !== undefined) used.add(distortion)
  const form = FORMS[name]
  if (form === undefined) {
    t.equal(normalised(ours, names), normalised(theirs, names), title)
    return
  }
  t.match(ours, form, title)
  t.match(theirs, form, `${title}, recorded`)
}

/** The names of the headers, sorted, without those that only this side has for a reason of the table. */
function comparable (headers: WireAnswer['headers'], others: WireAnswer['headers'],
  differs: Distortion['differs'], recorder: Recorder): string[] {
  return Object.keys(headers).filter(name => {
    const distortion = DISTORTIONS.find(each => each.header === name && each.differs === differs &&
      each.of.includes(recorder) && (each.beside === undefined || each.beside in headers))
    if (distortion === undefined || name in others) return true
    used.add(distortion)
    return false
  }).sort()
}

/** Milliseconds, then the digits that Azure's clock has beyond them, the zeros at the end left out. */
const TIME = /(:\d{2}\.\d{3})(\d{0,4})\+00:00/g

/** Without what differs from run to run: the host, the operation, the caller's quota, parts of a millisecond. */
function normalised (text: string, { origin, operationId, recordedId }: Names): string {
  return text.replace(/^https:\/\/management\.azure\.com|^http:\/\/localhost:1234/, 'ORIGIN').replace(origin, 'ORIGIN')
    .replaceAll(recordedId, 'OPERATION').replaceAll(operationId || recordedId, 'OPERATION')
    .replaceAll(TIME, '$1+00:00')
    .replaceAll(/(\w+Min);\d+/g, '$1;N')
}

function read (t: Test, name: string): Exchange[] | undefined {
  const file = new URL(`../../shared/recordings/${name}`, import.meta.url)
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')).exchanges
  t.pass('skipped', { skip: `the recording ${name} is not beside this checkout` })
  return undefined
}

function streamsOf (exchanges: readonly Exchange[]): Replay['result'] {
  const { message } = JSON.parse(exchanges.at(-1)!.response.body).value[0]
  const [, stdout, stderr] = /^Enable succeeded: \n\[stdout\]\n([^]*)\n\[stderr\]\n([^]*)$/.exec(message)!
  return { stdout: stdout!, stderr: stderr! }
}

function operationOf (exchanges: readonly Exchange[]): { startTime: number, endTime: number, id: string } {
  const { startTime, endTime, name } = JSON.parse(exchanges.at(-2)!.response.body)
  return { startTime: Date.parse(startTime), endTime: Date.parse(endTime), id: name }
}

function virtualMachineOf (path: string): { subscriptionId: string, resourceGroup: string, name: string } {
  const [, subscriptionId, resourceGroup, name] =
    /subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/.*virtualMachines\/([^/]+)/.exec(path)!
  return { subscriptionId: subscriptionId!, resourceGroup: resourceGroup!, name: name! }
}

function dateOf ({ response }: Exchange): number {
  return Date.parse(`${response.headers['date']}`)
}

function lowerCase (headers: Exchange['response']['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), `${[value].flat().join(', ')}`]))
}
