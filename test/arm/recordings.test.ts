import { readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { scaleSetId } from '../../src/core/resource-id.js'
import { VirtualClock, type Emulator, type PowerState, type ScaleSetDeclaration, type VirtualMachineDeclaration } from '../../src/index.js'
import { RECORDINGS, skipRecordings } from '../harness/azure-data.js'
import { AUTHORIZATION, start } from '../harness/emulator.js'
import { exchange, type WireAnswer } from '../harness/wire.js'

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
  { header: 'content-length', of: ['az'], differs: 'value', why: 'the az recorder stores bodies unpacked, and shortens the names in them' },
  { header: 'server', of: BOTH, differs: 'value', why: 'Azure sends Microsoft-HTTPAPI/2.0 twice, of which the Java recorder keeps one; azrun says what it is, once' },
  { header: 'content-encoding', of: BOTH, differs: 'only azrun', why: 'the recorders store bodies unpacked, and leave out that they were packed' },
  { header: 'x-ms-request-id', of: ['az'], differs: 'only azrun', why: 'the az recorder strips it' },
  { header: 'x-ms-correlation-request-id', of: ['az'], differs: 'only azrun', why: 'the az recorder strips it' },
  { header: 'x-ms-routing-request-id', of: ['az'], differs: 'only azrun', why: 'the az recorder strips it' },
  { header: 'x-ms-ratelimit-remaining-subscription-reads', of: ['az'], differs: 'only azrun', why: 'the az recorder strips it' },
  { header: 'connection', of: BOTH, differs: 'only azrun', why: 'it belongs to the connection, not to the answer; recorders leave it out' },
  { header: 'keep-alive', of: BOTH, differs: 'only azrun', why: 'as connection' }
]

const GUID = '[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}'
const NUMBER = /^\d+$/
const STAMP = '[A-Z]{3}, \\d{2} [A-Z]{3} \\d{4} \\d{2}:\\d{2}:\\d{2} GMT'

/** What both sides' values look like where they cannot be equal; every other header's are. */
const FORMS: Readonly<Record<string, RegExp>> = {
  date: new RegExp(`^${STAMP}$`, 'i'),
  server: /^(?:Microsoft-HTTPAPI\/2\.0(?:, )?){1,2}$|^azrun\/\d+\.\d+\.\d+$/,
  'x-ms-request-id': new RegExp(`^${GUID}$`),
  'x-ms-correlation-request-id': new RegExp(`^${GUID}$`),
  'x-ms-routing-request-id': new RegExp(`^[A-Z]+:\\d{8}T\\d{6}Z:${GUID}$`),
  'x-ms-ratelimit-remaining-subscription-reads': NUMBER,
  'x-ms-ratelimit-remaining-subscription-writes': NUMBER,
  'x-ms-ratelimit-remaining-subscription-global-reads': NUMBER,
  'x-msedge-ref': /^Ref A: [\dA-F]{32} Ref B: [A-Z]{3}\d{12} Ref C: \d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/,
  'content-length': NUMBER,
  // Of a list at least the number of its instances: those that overprovisioning made count, too.
  'x-ms-request-charge': NUMBER
}

/** The sessions that run a command: every exchange is compared whole. */
const SESSIONS = {
  az: 'azcli_vm__latest__test_vm_run_command_e2e.json',
  java: 'java_canRunScriptOnVM.json',
  azToday: 'azcli_action_vm_2024-07-01_test_vm_run_command_with_parameters.json',
  azInstances: 'azcli_action_vmss_test_vmss_run_command_with_parameters.json'
} as const

/**
 * Sessions of other things, of which azrun serves the reads: whole but for `LEFT_OUT`. It serves neither their managed
 * run commands, power actions and changes of machines, nor the polls of these.
 */
const READS: Readonly<Record<string, Recorder>> = {
  'azcli_managed_vm_2024-07-01_test_run_command_v2.json': 'az',
  'azcli_power_vm_2024-07-01_test_vm_create_state_modifications.json': 'az',
  'azcli_power_vmss_2024-07-01_test_vmss_vms.json': 'az',
  'java_power_vm_testManageVirtualMachine.json': 'java'
}

/** Sessions of which it serves nothing. */
const NOT_SERVED = [
  'net_managed_vm_windows_2021-11-01_TestVMRunCommandOperations.json'
]

/**
 * Members of what was read that azrun's machines do not have: tags, extensions, data disks, and a system disk that is a
 * blob, which keeps its size when the machine is deallocated.
 */
const LEFT_OUT: readonly string[] = [
  'properties.instanceView.disks[]',
  'properties.instanceView.extensions',
  'properties.instanceView.vmAgent.extensionHandlers[]',
  'properties.storageProfile.dataDisks[]',
  'properties.storageProfile.osDisk.diskSizeGB',
  'properties.storageProfile.osDisk.vhd',
  'resources',
  'tags'
]

/** The distortions that were met. */
const used = new Set<Distortion>()

t.test('answers the captured sessions as Azure did', { skip: skipRecordings }, async t => {
  await t.test('the session of the Azure CLI', async t => {
    const exchanges = read(SESSIONS.az)
    const { stdout, stderr } = streamsOf(exchanges)
    // Recorded: the last 4096 bytes of a stream; the script wrote more than that.
    t.equal(Buffer.byteLength(stdout), 4096)
    t.equal(Buffer.byteLength(stderr), 401)
    const result = { stdout: `${'an earlier line\n'.repeat(300)}${stdout}`, stderr }
    const lengths = await replay(t, exchanges, { recorder: 'az', location: 'westus', result })
    t.strictSame(lengths, [5725, 626, 0, 134, 5030, 4805])
  })

  await t.test('the session of the Java SDK', async t => {
    const exchanges = read(SESSIONS.java)
    const lengths = await replay(t, exchanges, { recorder: 'java', location: 'eastus', result: streamsOf(exchanges) })
    t.strictSame(lengths, [0, 134, 0, 134, 0, 134, 0, 3035, 2810])
  })

  await t.test('the session of the Azure CLI today', async t => {
    const exchanges = read(SESSIONS.azToday)
    const lengths = await replay(t, exchanges, { recorder: 'az', location: 'westus', result: streamsOf(exchanges) })
    t.strictSame(lengths, [0, 134, 443, 218])
  })

  await t.test('the session of the Azure CLI on two instances of a scale set', async t => {
    const exchanges = read(SESSIONS.azInstances)
    for (const one of [exchanges.slice(0, 4), exchanges.slice(4)]) {
      const lengths = await replay(t, one, { recorder: 'az', location: 'westus', result: streamsOf(one) })
      t.strictSame(lengths, [0, 134, 443, 218])
    }
  })

  await t.test('what sessions of other things read', async t => {
    const missing = new Set<string>()
    let count = 0
    for (const [file, recorder] of Object.entries(READS)) {
      for (const each of read(file).filter(isServedRead)) {
        await compareRead(t, each, { recorder, missing })
        count++
      }
    }
    t.equal(count, 31)
    t.strictSame([...new Set([...missing].map(path => path.replace('value[].', '')))].sort(), LEFT_OUT)
  })

  await t.test('and there is no recording that is not looked at', async t => {
    const known = [...Object.values(SESSIONS), ...Object.keys(READS), ...NOT_SERVED].sort()
    t.strictSame(readdirSync(RECORDINGS).sort(), known)
  })

  t.strictSame(DISTORTIONS.filter(each => !used.has(each)), [], 'each distortion of the table is met')
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
  const scaleSet = scaleSetIn(action.request.path)
  const vm = scaleSet === undefined ? virtualMachineOf(action.request.path) : undefined
  const vmName = vm?.name ?? `${scaleSet!.name}_${scaleSet!.instances[0]}`
  const emulator = await start(t, {
    clock,
    pace: 'azure',
    delay: endTime - startTime,
    ...vm !== undefined && { virtualMachines: [{ ...vm, location }] },
    ...scaleSet !== undefined && { virtualMachineScaleSets: [{ ...scaleSet, location }] },
    fixtures: [{ name: 'recorded', match: { vmName, script: JSON.parse(body).script.join('\n') }, result }]
  })
  const origin = recorder === 'az' ? emulator.url : emulator.httpUrl
  const lengths: number[] = []
  let operationId = ''
  let polled = { status: '', result: '' }
  for (const each of exchanges) {
    const isAction = each === action
    await clock.advance(Math.max(0, (isAction ? startTime : dateOf(each)) - clock.now().getTime()))
    const { method, path, headers } = each.request
    const url = !path.includes(recordedId)
      ? path.replace(ANY_ORIGIN, origin)
      : path.includes('monitor=true') ? polled.result : polled.status
    const answer = await exchange(emulator, url, {
      method,
      headers: {
        ...sentBy(recorder), ...headers, ...AUTHORIZATION, ...isAction && { 'Content-Length': Buffer.byteLength(body) }
      },
      ...isAction && { body }
    })
    // Recorded by the Java SDK, and in azure-powershell #8848: the id of the request is that of the operation.
    if (isAction) {
      operationId = answer.headers['x-ms-request-id']!
      polled = { status: answer.headers['azure-asyncoperation']!, result: answer.headers['location']! }
    }
    lengths.push(compare(t, each, answer, { recorder, recordedId, operationId, origin }))
  }
  return lengths
}

const ANY_ORIGIN = /^https?:\/\/[^/]+/

/** A machine, machines of a group, a scale set that is uniform, its instances, one of them, its view, or a group. */
function isServedRead ({ request: { method, path }, response: { body } }: Exchange): boolean {
  const machines = 'virtualMachines(?:/[^/?]+)?'
  const scaleSets = `virtualMachineScaleSets(?:/[^/?]+(?:/${machines}(?:/instanceView)?)?)?`
  const compute = `(?:/providers/Microsoft\\.Compute/(?:${machines}|${scaleSets}))?`
  const isRead = method === 'GET' && new RegExp(`/resourceGroups/[^/?]+${compute}\\?`, 'i').test(path)
  return isRead && !body.includes('"orchestrationMode": "Flexible"')
}

/** What the Java client sends beside what its recorder keeps. */
function sentBy (recorder: Recorder): Record<string, string> {
  return recorder === 'java' ? { 'Accept-Encoding': 'gzip' } : {}
}

/** Compares what is read with what was: all but the values that belong to the machine itself. */
async function compareRead (t: Test, { request, response }: Exchange,
  { recorder, missing }: { recorder: Recorder, missing: Set<string> }): Promise<void> {
  const { path } = request
  const scaleSet = scaleSetIn(path, response.body)
  const emulator = await start(t, scaleSet === undefined
    ? { virtualMachines: machinesIn(response.body) }
    : { virtualMachineScaleSets: [scaleSet] })
  if (scaleSet !== undefined) await setStates(emulator, scaleSet, response.body)
  const headers = { ...sentBy(recorder), ...request.headers, ...AUTHORIZATION }
  const answer = await exchange(emulator, path.replace(ANY_ORIGIN, emulator.url), { headers })
  const title = `GET ${path.replace(/^.*\/providers\//, '')}`
  const theirs = { status: response.status, headers: lowerCase(response.headers) }
  compareHeaders(t, title, answer, { theirs, recorder })
  const [body, recorded] = [bodyOf(answer), response.body].map(text => JSON.parse(text) as Json)
  const comparable = withoutMissing(recorded!, body!, { path: '', missing })
  t.strictSame(shapeOf(withoutManaged(body!, response.body)), shapeOf(comparable), `${title}: the members in their order`)
  t.equal(written(recorded!, response.body), response.body, `${title}: recorded`)
  t.equal(bodyOf(answer), written(body!, response.body), `${title}: written as that`)
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }

/** The machine or the machines of a body, as one declares them; none for a resource group. */
function machinesIn (body: string): VirtualMachineDeclaration[] {
  const value = JSON.parse(body)
  const resources: RecordedMachine[] = value.value ?? [value]
  return resources.filter(({ type }) => type === 'Microsoft.Compute/virtualMachines').map(({ id, location, properties }) => {
    const { instanceView, storageProfile: { osDisk: { osType } } } = properties
    const [, powerState] = /"PowerState\/(\w+)"/.exec(JSON.stringify(instanceView ?? '')) ?? []
    const declaration = { ...virtualMachineOf(id), location, osType, powerState: powerState ?? 'running' }
    return declaration as VirtualMachineDeclaration
  })
}

interface RecordedScaleSet extends ScaleSetDeclaration {
  readonly instances: readonly string[]
}

/** The scale set of a path with those of its instances that the path or the body names; undefined if it has none. */
function scaleSetIn (path: string, body = ''): RecordedScaleSet | undefined {
  const [, subscriptionId, resourceGroup, name] =
    /subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/.*virtualMachineScaleSets\/([^/?]+)/.exec(path) ?? []
  const [, instanceId] = /\/virtualMachines\/(\d+)/i.exec(path) ?? []
  if (name === undefined) return undefined
  const listed = [...body.matchAll(/"instanceId": "(\d+)"/g)].map(([, id]) => id!)
  const capacity = Number(/"capacity": (\d+)/.exec(body)?.[1] ?? 0)
  const instances = instanceId === undefined ? [...listed, ...Array(capacity).keys()].map(String) : [instanceId]
  return { subscriptionId: subscriptionId!, resourceGroup: resourceGroup!, name, instances }
}

/** Brings the instances into the state that a recorded view shows. */
async function setStates ({ machineStates, scaleSets }: Emulator,
  { subscriptionId, resourceGroup, name }: ScaleSetDeclaration, body: string): Promise<void> {
  const [, powerState = 'running'] = /"PowerState\/(\w+)"/.exec(body) ?? []
  const scaleSet = scaleSets.find(scaleSetId(subscriptionId, resourceGroup, name))!
  for (const vm of scaleSets.instances(scaleSet)) await machineStates.set(vm, powerState as PowerState)
}

interface RecordedMachine {
  readonly id: string
  readonly type: string
  readonly location: string
  readonly properties: {
    readonly storageProfile: { readonly osDisk: { readonly osType: string } }
    readonly instanceView?: Json
  }
}

/** A recorded value without the members that azrun's lacks, whose paths are added to `missing`. */
function withoutMissing (theirs: Json, ours: Json, at: { path: string, missing: Set<string> }): Json {
  if (Array.isArray(theirs) && Array.isArray(ours)) {
    if (theirs.length > ours.length) at.missing.add(`${at.path}[]`)
    return ours.map((each, index) => withoutMissing(theirs[index]!, each, { ...at, path: `${at.path}[]` }))
  }
  if (!isObject(theirs) || !isObject(ours)) return theirs
  const shared = Object.entries(theirs).flatMap(([name, value]) => {
    const path = at.path === '' ? name : `${at.path}.${name}`
    if (name in ours) return [[name, withoutMissing(value, ours[name]!, { ...at, path })] as const]
    at.missing.add(path)
    return []
  })
  return Object.fromEntries(shared)
}

/** Our value beside a recorded one: its disk is a blob in some, and in all others managed, as azrun's are. */
function withoutManaged (ours: Json, recorded: string): Json {
  if (!recorded.includes('"vhd":')) return ours
  return JSON.parse(JSON.stringify(ours, (name, each: Json) => name === 'managedDisk' ? undefined : each)) as Json
}

/** The names in their order, and the types of the values. */
function shapeOf (value: Json): unknown {
  if (Array.isArray(value)) return value.map(shapeOf)
  if (!isObject(value)) return typeof value
  return Object.entries(value).map(([name, each]) => [name, shapeOf(each)])
}

function isObject (value: Json): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** JSON with the whitespace of this example: compact, or indented but for a network profile. */
function written (value: Json, example: string): string {
  if (!example.startsWith('{\r\n')) return JSON.stringify(value)
  const profiles: string[] = []
  const place = (each: Json) => `PROFILE ${profiles.push(JSON.stringify(each)) - 1}`
  return JSON.stringify(value, (name, each) => name.startsWith('networkProfile') ? place(each) : each, 2)
    .replaceAll('\n', '\r\n').replaceAll(/"PROFILE (\d+)"/g, (_, index: string) => profiles[Number(index)]!)
}

interface Names {
  readonly recorder: Recorder
  readonly recordedId: string
  readonly operationId: string
  readonly origin: string
}

/** Compares an answer with the recorded one and returns the length of its body, every time in it written out. */
function compare (t: Test, { request, response }: Exchange, answer: WireAnswer, names: Names): number {
  const title = `${request.method} ${request.path.replace(/^.*\/(?:locations|providers)\//, '').replace(/&c=.*/, '')}`
  const theirs = { status: response.status, headers: lowerCase(response.headers) }
  compareHeaders(t, title, answer, { theirs, ...names })
  const body = bodyOf(answer)
  t.equal(normalised(body, names), normalised(response.body, names), `${title}: body`)
  return Buffer.byteLength(body.replaceAll(TIME, (_, ms, rest: string) => `${ms}${rest.padEnd(4, '0')}+00:00`))
}

type Head = Pick<WireAnswer, 'status' | 'headers'>

function compareHeaders (t: Test, title: string, ours: Head,
  { theirs, recorder, ...names }: { theirs: Head, recorder: Recorder } & Partial<Names>): void {
  t.equal(ours.status, theirs.status, `${title}: status`)
  t.strictSame(comparable(ours.headers, theirs.headers, 'only azrun', recorder),
    comparable(theirs.headers, ours.headers, 'only recorded', recorder), `${title}: header names`)
  for (const [name, value] of Object.entries(ours.headers)) {
    const recorded = theirs.headers[name]
    if (recorded !== undefined) compareValue(t, `${title}: ${name}`, { name, ours: value, theirs: recorded }, names)
    else if (name in FORMS) t.match(value, FORMS[name]!, `${title}: ${name}`)
  }
  const id = ours.headers['x-ms-correlation-request-id']
  t.ok(ours.headers['x-ms-routing-request-id']?.endsWith(`:${id}`), `${title}: the routing id ends with that id`)
}

function bodyOf ({ headers, body }: WireAnswer): string {
  return `${headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body}`
}

interface Value {
  readonly name: string
  readonly ours: string
  readonly theirs: string
}

function compareValue (t: Test, title: string, { name, ours, theirs }: Value, names: Partial<Names>): void {
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

/** The parameters of a signed URL; of the recorded ones the certificate and the signature were left out. */
const SIGNED = new RegExp(`\\?p=${GUID}(&.*)&t=\\d{18}&c=(?:[\\w-]{2395}|<.*>)&s=(?:[\\w-]{342}|<.*>)&h=(?:[\\w-]{43}|<.*>)$`)

/** Without what differs from run to run: the host, the operation, the caller's quota, parts of a millisecond. */
function normalised (text: string, { origin, operationId, recordedId }: Partial<Names>): string {
  const quotas = text.replaceAll(/(\/\w+);\d+/g, '$1;N')
  if (origin === undefined || recordedId === undefined) return quotas
  return quotas.replace(/^https:\/\/management\.azure\.com|^http:\/\/localhost:1234/, 'ORIGIN').replace(origin, 'ORIGIN')
    .replaceAll(recordedId, 'OPERATION').replaceAll(operationId || recordedId, 'OPERATION')
    .replaceAll(TIME, '$1+00:00')
    .replace(SIGNED, '?p=P$1&t=T&c=C&s=S&h=H')
}

function read (name: string): Exchange[] {
  return JSON.parse(readFileSync(new URL(name, RECORDINGS), 'utf8')).exchanges
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
