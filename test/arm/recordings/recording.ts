import { readFileSync } from 'node:fs'
import { RECORDINGS } from '../../harness/azure-data.js'

/** The project whose tests recorded a session: the Azure CLI, the Java SDK or the .NET SDK. */
export type Recorder = 'az' | 'java' | 'net'

export interface Exchange {
  readonly request: {
    readonly method: string
    readonly path: string
    readonly headers?: Readonly<Record<string, string>> | null
    readonly body: string | null
  }
  readonly response: {
    readonly status: number
    readonly headers: Readonly<Record<string, string | string[]>>
    readonly body: string
  }
}

/** An operation of a recording, with its times in milliseconds since 1970. */
export interface RecordedOperation {
  readonly id: string
  /** Undefined if no poll shows it. */
  readonly startTime?: number
  /** Undefined if no poll shows its end. */
  readonly endTime?: number
}

const GUID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/
const POLLED = new RegExp(`/operations/(${GUID.source})\\?`)

export function readRecording (name: string): Exchange[] {
  return JSON.parse(readFileSync(new URL(name, RECORDINGS), 'utf8')).exchanges
}

/** The operation that an exchange polls. */
export function polledId ({ request: { method, path } }: Exchange): string | undefined {
  return method === 'GET' ? POLLED.exec(path)?.[1] : undefined
}

/** The operation that an exchange starts. */
export function startedId ({ response: { headers } }: Exchange): string | undefined {
  return POLLED.exec(headersOf(headers)['azure-asyncoperation'] ?? '')?.[1]
}

/** An operation as its polls show it. */
export function operationOf (id: string, exchanges: readonly Exchange[]): RecordedOperation {
  const polls = exchanges.filter(each => polledId(each) === id && each.response.body.includes('"startTime"'))
  const { startTime, endTime } = polls.length === 0 ? {} : JSON.parse(polls.at(-1)!.response.body)
  return { id, ...startTime && { startTime: Date.parse(startTime) }, ...endTime && { endTime: Date.parse(endTime) } }
}

/** The Date of the response, in milliseconds since 1970. */
export function dateOf ({ response }: Exchange): number {
  return Date.parse(headersOf(response.headers)['date']!)
}

/** The headers by their lower-case names. */
export function headersOf (headers: Exchange['response']['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value].flat().join(', ')]))
}

/** A short title: the method, and the path from the resource type on. */
export function titleOf ({ request: { method, path } }: Exchange): string {
  return `${method} ${path.replace(/^.*\/(?:locations|providers|subscriptions)\//, '').replace(/&[tc]=.*/, '')}`
}
