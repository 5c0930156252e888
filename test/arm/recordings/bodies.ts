import type { Test } from 'tap'

/** Values that differ between a response and the recorded one. */
export interface Names {
  readonly origin: string
  /** azrun's ids of operations, by the recorded ones. */
  readonly operations: ReadonlyMap<string, string>
}

export interface Bodies {
  readonly ours: string
  readonly theirs: string
}

const GUID = '[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}'

/** Milliseconds, then the further digits of Azure's clock without trailing zeros. */
const TIME = /(:\d{2}\.\d{3})(\d{0,4})\+00:00/g

/** The parameters of a signed URL. The recordings lack the certificate and the signature. */
const SIGNED = new RegExp(`\\?p=${GUID}(&.*)&t=\\d{18}&c=(?:[\\w-]{2395}|<.*>)&s=(?:[\\w-]{342}|<.*>)&h=(?:[\\w-]{43}|<.*>)$`)
const PARTITION = new RegExp(`\\?p=${GUID}&`)

/** Replaces what differs between runs: the host, ids of operations, quotas and the digits beyond milliseconds. */
export function normalized (text: string, { origin, operations }: Partial<Names>): string {
  let result = text.replaceAll(/(\/\w+);\d+/g, '$1;N')
  if (origin === undefined || operations === undefined) return result
  result = result.replace(/^https:\/\/management\.azure\.com|^http:\/\/localhost:1234/, 'ORIGIN').replace(origin, 'ORIGIN')
    .replaceAll(TIME, '$1+00:00').replace(SIGNED, '?p=P$1&t=T&c=C&s=S&h=H').replace(PARTITION, '?p=P&')
  for (const [recorded, ours] of operations) result = result.replaceAll(recorded, 'OPERATION').replaceAll(ours, 'OPERATION')
  return result
}

/** The times when scripts ran in the machine, which azrun cannot know from the recording. */
const RAN = /("(?:start|end)Time": )"[\d-]+T[\d:]+(?:(\.)\d+)?\+00:00"/g

/** Compares bodies byte by byte, except for ids, times and quotas, and their lengths with padded times. */
export function compareTexts (t: Test, title: string, { ours, theirs }: Bodies, names: Names): void {
  const isRun = theirs.includes('/runCommands"')
  const comparable = (text: string) => normalized(isRun ? text.replaceAll(RAN, '$1TIME$2') : text, names)
  t.equal(comparable(ours), comparable(theirs), `${title}: body`)
  if (!isRun) t.equal(Buffer.byteLength(padded(ours)), Buffer.byteLength(padded(theirs)), `${title}: length of the body`)
}

/** Appends the trailing zeros of times. */
function padded (text: string): string {
  return text.replaceAll(TIME, (_, ms, rest: string) => `${ms}${rest.padEnd(4, '0')}+00:00`)
}
