import type { Test } from 'tap'

/** What an answer and the recorded one are compared without. */
export interface Names {
  readonly origin: string
  /** Recorded ids of operations, and azrun's for the same. */
  readonly operations: ReadonlyMap<string, string>
}

export interface Bodies {
  readonly ours: string
  readonly theirs: string
}

const GUID = '[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}'

/** Milliseconds, then the digits that Azure's clock has beyond them, the zeros at the end left out. */
const TIME = /(:\d{2}\.\d{3})(\d{0,4})\+00:00/g

/** The parameters of a signed URL; of the recorded ones the certificate and the signature were left out. */
const SIGNED = new RegExp(`\\?p=${GUID}(&.*)&t=\\d{18}&c=(?:[\\w-]{2395}|<.*>)&s=(?:[\\w-]{342}|<.*>)&h=(?:[\\w-]{43}|<.*>)$`)
const PARTITION = new RegExp(`\\?p=${GUID}&`)

/** Without what differs from run to run: the host, operations, the caller's quota, parts of a millisecond. */
export function normalised (text: string, { origin, operations }: Partial<Names>): string {
  let result = text.replaceAll(/(\/\w+);\d+/g, '$1;N')
  if (origin === undefined || operations === undefined) return result
  result = result.replace(/^https:\/\/management\.azure\.com|^http:\/\/localhost:1234/, 'ORIGIN').replace(origin, 'ORIGIN')
    .replaceAll(TIME, '$1+00:00').replace(SIGNED, '?p=P$1&t=T&c=C&s=S&h=H').replace(PARTITION, '?p=P&')
  for (const [recorded, ours] of operations) result = result.replaceAll(recorded, 'OPERATION').replaceAll(ours, 'OPERATION')
  return result
}

/** When scripts ran inside the machine, of which the recording says nothing else. */
const RAN = /("(?:start|end)Time": )"[\d-]+T[\d:]+(?:(\.)\d+)?\+00:00"/g

/** Compares bodies to the byte: all but ids, times and quotas, and the lengths with every time written out. */
export function compareTexts (t: Test, title: string, { ours, theirs }: Bodies, names: Names): void {
  const isRun = theirs.includes('/runCommands"')
  const comparable = (text: string) => normalised(isRun ? text.replaceAll(RAN, '$1TIME$2') : text, names)
  t.equal(comparable(ours), comparable(theirs), `${title}: body`)
  if (!isRun) t.equal(Buffer.byteLength(padded(ours)), Buffer.byteLength(padded(theirs)), `${title}: length of the body`)
}

function padded (text: string): string {
  return text.replaceAll(TIME, (_, ms, rest: string) => `${ms}${rest.padEnd(4, '0')}+00:00`)
}
