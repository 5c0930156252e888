import { gunzipSync } from 'node:zlib'
import type { Test } from 'tap'
import { VirtualClock, type RunningEmulator } from '../../../src/index.js'
import { AUTHORIZATION, start } from '../../harness/emulator.js'
import { exchange, type WireAnswer } from '../../harness/wire.js'
import { compareTexts, type Names } from './bodies.js'
import { compareDocuments } from './documents.js'
import { compareHeads } from './headers.js'
import { outputsOf } from './outputs.js'
import {
  dateOf, headersOf, operationOf, polledId, readRecording, startedId, titleOf, type Exchange
} from './recording.js'
import type { Session } from './sessions.js'

/** Replaces the body of an action, which the Java recorder drops. */
const DROPPED = '{"commandId":"RunShellScript","script":["recorded"]}'

const ANY_ORIGIN = /^(?:https?:\/\/[^/]+)?/

/** azrun's URLs of a recorded operation. */
interface PollUrls {
  readonly status: string
  readonly result: string
}

/**
 * Sends the recorded requests to an emulator, each at its recorded time, and compares the responses. azrun must refuse
 * the requests that it does not serve. Returns the number of compared exchanges.
 */
export async function replay (t: Test, session: Session): Promise<number> {
  const exchanges = readRecording(session.file)
  const clock = new VirtualClock(new Date(dateOf(exchanges[0]!)))
  const { declared, notServed = [], byHand = [] } = session
  const fixtures = [...session.fixtures ?? [], ...outputsOf(exchanges)]
  const emulator = await start(t, { clock, pace: 'azure', fixtures, ...declared })
  const sending: Sending = { t, session, exchanges, emulator, urls: new Map(), operations: new Map() }
  let compared = 0
  for (const [index, each] of exchanges.entries()) {
    await clock.advance(Math.max(0, momentOf(each, exchanges) - clock.now().getTime()))
    await byHand.find(({ before }) => before === index)?.change(emulator)
    if (notServed.some(({ exchanges }) => exchanges.includes(index))) {
      await refuse(sending, each)
    } else {
      compare(sending, each, await send(sending, each))
      compared++
    }
  }
  return compared
}

interface Sending {
  readonly t: Test
  readonly session: Session
  readonly exchanges: readonly Exchange[]
  readonly emulator: RunningEmulator
  /** By the recorded id of the operation. */
  readonly urls: Map<string, PollUrls>
  readonly operations: Map<string, string>
}

/** When to send a request, so that an operation starts and ends at the times in its polls. */
function momentOf (each: Exchange, exchanges: readonly Exchange[]): number {
  const [started, polled] = [startedId(each), polledId(each)]
  if (started !== undefined) return operationOf(started, exchanges).startTime ?? dateOf(each)
  if (polled === undefined || !showsEnd(each)) return dateOf(each)
  return Math.max(dateOf(each), operationOf(polled, exchanges).endTime ?? 0)
}

function showsEnd ({ response: { status, body } }: Exchange): boolean {
  return status === 200 && !body.includes('"status": "InProgress"')
}

async function send ({ session: { recorder }, emulator, exchanges, urls, operations }: Sending,
  each: Exchange): Promise<WireAnswer> {
  const { method, path, headers } = each.request
  const [started, polled] = [startedId(each), polledId(each)]
  if (started !== undefined) takeAsLong(emulator, each, operationOf(started, exchanges))
  const body = each.request.body ?? (/\/runCommand\?/i.test(path) ? DROPPED : undefined)
  const { status, result } = urls.get(polled ?? '') ?? {}
  const url = (path.includes('monitor=true') ? result : status) ?? path.replace(ANY_ORIGIN, originOf(recorder, emulator))
  const response = await exchange(emulator, url, {
    method,
    headers: {
      ...recorder === 'java' && { 'Accept-Encoding': 'gzip' },
      ...headers,
      ...AUTHORIZATION,
      ...body !== undefined && { 'Content-Length': Buffer.byteLength(body) }
    },
    ...body !== undefined && { body }
  })
  const { 'azure-asyncoperation': shown, location = '' } = response.headers
  if (started !== undefined && shown !== undefined) {
    urls.set(started, { status: shown, result: location })
    // Recorded by the Java SDK, and in azure-powershell #8848: the request id is the id of the operation.
    operations.set(started, response.headers['x-ms-request-id']!)
  }
  return response
}

/** The Java recorder used plain HTTP. */
function originOf (recorder: Session['recorder'], { url, httpUrl }: RunningEmulator): string {
  return recorder === 'java' ? httpUrl : url
}

/** Makes the operation that a request starts take as long as the recorded one. */
function takeAsLong ({ scenarios }: RunningEmulator, { request: { method, path } }: Exchange,
  { startTime, endTime }: ReturnType<typeof operationOf>): void {
  if (startTime === undefined || endTime === undefined) return
  const match = { method, path: decodeURIComponent(new URL(path, 'http://host').pathname) }
  scenarios.put({ name: 'as recorded', match, do: [{ operation: { duration: endTime - startTime } }] })
}

function compare ({ t, session: { recorder }, emulator, operations }: Sending, each: Exchange,
  received: WireAnswer): void {
  const { request, response } = each
  const title = titleOf(each)
  const names: Names = { origin: originOf(recorder, emulator), operations }
  const theirs = {
    status: response.status, headers: headersOf(response.headers), names: Object.keys(response.headers)
  }
  compareHeads(t, title, received, { theirs, recorder, ...names })
  const bodies = { ours: bodyOf(received), theirs: response.body }
  if (request.method === 'GET' && isOfMachines(request.path)) compareDocuments(t, title, bodies)
  else compareTexts(t, title, bodies, names)
}

/** Whether the path is a group, its machines or scale sets, one of them, or instances with their views. */
function isOfMachines (path: string): boolean {
  const machines = 'virtualMachines(?:/[^/?]+)?'
  const scaleSets = `virtualMachineScaleSets(?:/[^/?]+(?:/${machines}(?:/instanceView)?)?)?`
  const types = `(?:/providers/Microsoft\\.Compute/(?:${machines}|${scaleSets}))?`
  return new RegExp(`/resourceGroups/[^/?]+${types}\\?`, 'i').test(path)
}

/** Sends a request that azrun does not serve, or a poll of an operation that azrun never started. */
async function refuse (sending: Sending, each: Exchange): Promise<void> {
  const { status } = await send(sending, each)
  sending.t.ok(status >= 400, `${titleOf(each)}: the table says that azrun refuses it, but the status is ${status}`)
}

function bodyOf ({ headers, body }: WireAnswer): string {
  return `${headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body}`
}
