import { decoded } from '../core/decoded.js'
import { headerOf } from '../journal/message.js'
import { requestTargetOf, type Call } from './call.js'
import type { Severity } from './observation.js'

/** `status`: from Azure-AsyncOperation; `result`: from Location. */
export type UrlKind = 'status' | 'result'

/** A URL that a response told the client to poll. */
export interface IssuedUrl {
  readonly kind: UrlKind
  /** The URL without its origin. */
  readonly target: string
  readonly by: Call
}

const HEADERS: ReadonlyArray<readonly [string, UrlKind]> = [['azure-asyncoperation', 'status'], ['location', 'result']]

/** The URLs of a response. Resolves relative ones, and leaves out invalid ones. */
export function issuedBy (call: Call): IssuedUrl[] {
  return HEADERS.flatMap(([name, kind]) => {
    const value = headerOf(call.entry.response, name)
    const target = value === undefined ? undefined : resolved(value, call.entry.url)
    return target === undefined ? [] : [{ kind, target, by: call }]
  })
}

function resolved (value: string, base: string): string | undefined {
  if (!URL.canParse(value, base)) return undefined
  // Avoids URL where possible, because it normalizes the text.
  return /^(?:https?:\/\/|\/(?!\/))/i.test(value) ? requestTargetOf(value) : requestTargetOf(new URL(value, base).href)
}

/** How a client changed a URL. */
export interface UrlChange {
  /** Such as `dropped c and changed t`. */
  readonly text: string
  readonly severity: Severity
}

/** Undefined if the URL is unchanged, apart from escapes. */
export function changeOf (issued: string, sent: string): UrlChange | undefined {
  if (issued === sent) return undefined
  if (issued.startsWith(sent)) {
    return { text: `cut it off after ${sent.length} of its ${issued.length} characters`, severity: 'error' }
  }
  const changes = [...pathChange(issued, sent), ...queryChanges(issued, sent)]
  if (changes.length === 0) return undefined
  const severity = changes.every(({ severity }) => severity === 'warning') ? 'warning' : 'error'
  return { text: changes.map(({ text }) => text).join(' and '), severity }
}

function pathChange (issued: string, sent: string): UrlChange[] {
  const [from, to] = [issued, sent].map(target => decoded(target.split('?')[0]!)) as [string, string]
  if (from === to) return []
  const what = from.toLowerCase() === to.toLowerCase() ? 'the case of the path' : 'the path'
  return [{ text: `changed ${what}`, severity: 'error' }]
}

function queryChanges (issued: string, sent: string): UrlChange[] {
  const [from, to] = [parametersOf(issued), parametersOf(sent)]
  const dropped = [...from.keys()].filter(name => !to.has(name))
  const added = [...to.keys()].filter(name => !from.has(name))
  const changed = [...from.keys()].filter(name => to.has(name) && to.get(name) !== from.get(name))
  const changes: UrlChange[] = []
  if (dropped.length > 0) changes.push({ text: `dropped ${dropped.join(', ')}`, severity: 'error' })
  // The SDK for .NET sets its own api-version: see R4.
  const severity = changed.every(name => name === 'api-version') ? 'warning' : 'error'
  if (changed.length > 0) changes.push({ text: `changed ${changed.join(', ')}`, severity })
  if (added.length > 0) changes.push({ text: `added ${added.join(', ')}`, severity: 'warning' })
  const kept = (names: Iterable<string>) => [...names].filter(name => from.has(name) && to.has(name)).join()
  if (kept(from.keys()) !== kept(to.keys())) changes.push({ text: 'changed the order of the query', severity: 'warning' })
  return changes
}

function parametersOf (target: string): Map<string, string> {
  const query = target.split('?').slice(1).join('?')
  return new Map(query.split('&').filter(Boolean).map(pair => {
    const [name, ...value] = pair.split('=') as [string, ...string[]]
    return [decoded(name), decoded(value.join('='))]
  }))
}
