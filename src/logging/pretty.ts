import { inspect } from 'node:util'
import { messages, type ErrorResponseEvent, type OperationEvent, type RequestEvent } from './events.js'

type Color = 'green' | 'yellow' | 'red' | 'gray'

/** A text in a color, or as it is. */
type Paint = (color: Color, text: string) => string

/** An object of pino's log. */
interface Entry {
  readonly level: number
  readonly msg?: string
  /** An error that was logged as an object: a defect of azrun. */
  readonly err?: { readonly stack?: string }
}

/** The most characters of a text that a line shows: a client may send any number. */
const MAX_LENGTH = 400

/** pino's numbers of these levels. */
const WARN = 40
const ERROR = 50

/** Converts a line of pino's JSON for people. Ends with a line break. */
export function prettyLine (json: string, colors: boolean): string {
  const paint: Paint = colors ? painted : (_color, text) => text
  return `${textOf(JSON.parse(json), paint)}\n`
}

function textOf (entry: Entry, paint: Paint): string {
  switch (entry.msg) {
    case messages.runCommand:
    case messages.operation: return operation(entry as unknown as OperationEvent, paint)
    case messages.errorResponse: return errorResponse(entry as unknown as ErrorResponseEvent, paint)
    case messages.request: return request(entry as unknown as RequestEvent, paint)
    default: return message(entry, paint)
  }
}

/**
 * `POST vm1 RunShellScript 202 → exit 3 · 40 ms`; of a managed run command `PUT vm1/cmd1 201 → exit 3 · 40 ms`, and at
 * the end of a script that it did not wait for `PUT vm1/cmd1 async → exit 3 · 4.2 s`
 */
function operation (event: OperationEvent, paint: Paint): string {
  const { method, vm, name, command, action, status, async: isAsync, ms } = event
  const target = name === undefined ? vm : `${vm}/${name}`
  const request = [method, target, command ?? action, isAsync ? 'async' : status].filter(part => part !== undefined).join(' ')
  return `${shown(request)} → ${outcome(event, paint)} ${duration(ms, paint)}`
}

function outcome ({ outcome, exitCode, error }: OperationEvent, paint: Paint): string {
  if (outcome === 'Succeeded' && exitCode === undefined) return paint('green', 'Succeeded')
  if (outcome === 'Succeeded') return paint(exitCode === 0 ? 'green' : 'yellow', `exit ${exitCode}`)
  const reason = shown(`${error!.code}: ${error!.message}`)
  return outcome === 'Failed' ? `${paint('red', 'failed')} ${reason}` : `${paint('yellow', 'canceled')} ${reason}`
}

/** `POST vm1 RunShellScript 409 Conflict: Run command extension execution is in progress. ...` */
function errorResponse ({ method, url, vm, command, status, code, reason }: ErrorResponseEvent, paint: Paint): string {
  const target = command === undefined ? placeOf(url ?? '') : `${vm} ${command}`
  const request = method === undefined ? '' : `${shown(`${method} ${target}`)} `
  return `${request}${paint('yellow', `${status}`)} ${shown(`${code}: ${reason}`)}`
}

function request ({ method, url, status, ms }: RequestEvent, paint: Paint): string {
  return `${shown(`${method} ${placeOf(url)}`)} ${status} ${duration(ms, paint)}`
}

function message ({ level, msg = '', err }: Entry, paint: Paint): string {
  if (level < WARN) return `azrun: ${shown(msg)}`
  const line = `azrun: ${level < ERROR ? paint('yellow', 'warning') : paint('red', 'error')}: ${shown(msg)}`
  const [, ...frames] = err?.stack?.split('\n') ?? []
  return [line, ...frames.map(frame => paint('gray', `    ${shown(frame).trim()}`))].join('\n')
}

/** The end of a path, without what all paths share and without the query: `…/virtualMachines/vm1/runCommand`. */
function placeOf (url: string): string {
  const [path] = url.split('?') as [string]
  return path.replace(/^\/subscriptions\/.*\/providers\/[^/]+\//i, '…/')
}

function duration (ms: number, paint: Paint): string {
  return paint('gray', `· ${ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`}`)
}

/** A text in one line, of limited length, and without characters with which a client could control the terminal. */
function shown (text: string): string {
  const part = text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text
  return part.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
}

function painted (color: Color, text: string): string {
  const [on, off] = inspect.colors[color]!
  return `\u001b[${on}m${text}\u001b[${off}m`
}
