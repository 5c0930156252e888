import type { Test } from 'tap'
import type { WireAnswer } from '../../harness/wire.js'
import type { Names } from './bodies.js'
import { normalized } from './bodies.js'
import type { Recorder } from './recording.js'

/** A header that a recorder changed: azrun differs from the recording, but not from Azure. */
interface Distortion {
  readonly header: string
  readonly of: readonly Recorder[]
  /** Which side has the header, or that its values differ. */
  readonly differs: 'only recorded' | 'only azrun' | 'value'
  /** The distortion occurs only if this header is present. */
  readonly beside?: string
  readonly why: string
}

const ALL = ['az', 'java', 'net'] as const
const WITH_GZIP = ['az', 'java'] as const
const DISTORTIONS: readonly Distortion[] = [
  { header: 'content-length', of: WITH_GZIP, differs: 'only recorded', beside: 'transfer-encoding', why: 'the recorders add the length to a body that came in chunks' },
  { header: 'retry-after', of: ['java'], differs: 'only recorded', why: 'the Java recorder adds 0, so that a replay does not wait' },
  { header: 'retry-after', of: ['az'], differs: 'only azrun', why: 'the az recorder strips it' },
  { header: 'location', of: ALL, differs: 'value', why: 'the Java recorder makes the host localhost:1234; the others keep management.azure.com' },
  { header: 'azure-asyncoperation', of: ALL, differs: 'value', why: 'the same as location' },
  { header: 'content-length', of: ['az'], differs: 'value', why: 'the az recorder stores bodies unpacked, and shortens the names in them' },
  { header: 'server', of: ALL, differs: 'value', why: 'Azure sends Microsoft-HTTPAPI/2.0 twice, and the Java recorder keeps one; azrun sends its own name once' },
  { header: 'content-encoding', of: WITH_GZIP, differs: 'only azrun', why: 'the recorders store bodies unpacked, and drop the header' },
  { header: 'x-ms-request-id', of: ['az'], differs: 'only azrun', why: 'the az recorder strips it' },
  { header: 'x-ms-correlation-request-id', of: ['az'], differs: 'only azrun', why: 'the az recorder strips it' },
  { header: 'x-ms-routing-request-id', of: ['az'], differs: 'only azrun', why: 'the az recorder strips it' },
  { header: 'x-ms-ratelimit-remaining-subscription-reads', of: ['az'], differs: 'only azrun', why: 'the az recorder strips it' },
  { header: 'connection', of: ALL, differs: 'only azrun', why: 'it belongs to the connection, not to the response; recorders drop it' },
  { header: 'keep-alive', of: ALL, differs: 'only azrun', why: 'the same as connection' }
]

/** The distortions that did not occur. Every one in the table must. */
export function unusedDistortions (): readonly Distortion[] {
  return DISTORTIONS.filter(each => !used.has(each))
}

const used = new Set<Distortion>()

const GUID = '[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}'
const NUMBER = /^\d+$/
const STAMP = '[A-Z]{3}, \\d{2} [A-Z]{3} \\d{4} \\d{2}:\\d{2}:\\d{2} GMT'

/** The format of values that cannot be equal on both sides. The values of all other headers must be equal. */
const FORMS: Readonly<Record<string, RegExp>> = {
  date: new RegExp(`^${STAMP}$`, 'i'),
  server: /^(?:Microsoft-HTTPAPI\/2\.0(?:, )?){1,2}$|^azrun\/\d+\.\d+\.\d+$/,
  'x-ms-request-id': new RegExp(`^${GUID}$`),
  'x-ms-correlation-request-id': new RegExp(`^${GUID}$`),
  'x-ms-routing-request-id': new RegExp(`^[A-Z\\d]+:\\d{8}T\\d{6}Z:${GUID}$`),
  'x-ms-ratelimit-remaining-subscription-reads': NUMBER,
  'x-ms-ratelimit-remaining-subscription-writes': NUMBER,
  'x-ms-ratelimit-remaining-subscription-deletes': NUMBER,
  'x-ms-ratelimit-remaining-subscription-global-reads': NUMBER,
  'x-msedge-ref': /^Ref A: [\dA-F]{32} Ref B: [A-Z]{3}\d{12} Ref C: \d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/,
  'retry-after': NUMBER,
  'content-length': NUMBER,
  // The charge of a list can exceed its number of instances, because instances of overprovisioning count, too.
  'x-ms-request-charge': NUMBER
}

export type Head = Pick<WireAnswer, 'status' | 'headers'> & Partial<Pick<WireAnswer, 'names'>>

/** Compares the status, the names and values of headers, and the order of the names if it was recorded. */
export function compareHeads (t: Test, title: string, ours: Head,
  { theirs, recorder, ...names }: { readonly theirs: Head, readonly recorder: Recorder } & Partial<Names>): void {
  t.equal(ours.status, theirs.status, `${title}: status`)
  t.strictSame(comparable(ours.headers, theirs.headers, 'only azrun', recorder).sort(),
    comparable(theirs.headers, ours.headers, 'only recorded', recorder).sort(), `${title}: header names`)
  for (const [name, value] of Object.entries(ours.headers)) {
    const recorded = theirs.headers[name]
    if (recorded !== undefined) compareValue(t, `${title}: ${name}`, { name, ours: value, theirs: recorded, recorder }, names)
    else if (name in FORMS) t.match(value, FORMS[name]!, `${title}: ${name}`)
  }
  const id = ours.headers['x-ms-correlation-request-id']
  t.ok(ours.headers['x-ms-routing-request-id']?.endsWith(`:${id}`), `${title}: the routing id ends with the correlation id`)
  if (recorder === 'net') t.strictSame(inOrder(ours), inOrder(theirs), `${title}: order of the headers`)
}

/** .NET keeps the headers of a body apart from the others, so their position is unknown. */
const OF_A_BODY = ['content-length', 'content-type', 'expires']
const OF_THE_CONNECTION = ['connection', 'keep-alive']

function inOrder ({ names = [] }: Head): string[] {
  return names.filter(name => ![...OF_A_BODY, ...OF_THE_CONNECTION].includes(name.toLowerCase()))
}

interface Value {
  readonly name: string
  readonly ours: string
  readonly theirs: string
  readonly recorder: Recorder
}

function compareValue (t: Test, title: string, { name, ours, theirs, recorder }: Value, names: Partial<Names>): void {
  const distortion = DISTORTIONS.find(each =>
    each.header === name && each.differs === 'value' && each.of.includes(recorder))
  if (distortion !== undefined) used.add(distortion)
  const form = FORMS[name]
  if (form === undefined) {
    t.equal(normalized(ours, names), normalized(theirs, names), title)
    return
  }
  t.match(ours, form, title)
  t.match(theirs, form, `${title}, recorded`)
}

/** The names of the headers, without those that only this side has according to the table. */
function comparable (headers: Head['headers'], others: Head['headers'],
  differs: Distortion['differs'], recorder: Recorder): string[] {
  return Object.keys(headers).filter(name => {
    const distortion = DISTORTIONS.find(each => each.header === name && each.differs === differs &&
      each.of.includes(recorder) && (each.beside === undefined || each.beside in headers))
    if (distortion === undefined || name in others) return true
    used.add(distortion)
    return false
  })
}
