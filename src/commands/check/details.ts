import type { JournalEntry } from '../../journal/entry.js'
import { heldRules } from '../../rules/index.js'
import type { CheckedRun } from './checked-run.js'

/** The most lines to show of the calls, and of the output: the last ones. */
const MOST_LINES = 60

/** The calls of a run and the output of its command. */
export function detailsOf ({ name, entries, end: { output }, verdicts }: CheckedRun): string {
  const held = heldRules(verdicts)
  const start = Date.parse(entries[0]?.time ?? '')
  return [
    '',
    `${name}: ${held.length === 0 ? 'no rule held' : `${held.join(', ')} held`}`,
    ...last(entries.map(entry => callLine(entry, start))),
    ...last(output.trimEnd().split('\n').map(line => `  | ${line}`))
  ].join('\n') + '\n'
}

function callLine (entry: JournalEntry, start: number): string {
  const { sequence, time, durationMs, method, url, status, isCut, scenario } = entry
  const end = status === undefined ? 'no response' : `${status}${isCut ? ', cut' : ''}`
  const because = scenario === undefined ? '' : ` (${scenario})`
  return `  #${sequence} at ${Date.parse(time) - start} ms: ${method} ${shortened(url)} -> ${end} after ${durationMs} ms${because}`
}

/** The URL without its origin, in at most 120 characters. */
function shortened (url: string): string {
  const target = url.replace(/^\w+:\/\/[^/]*/, '')
  return target.length > 120 ? `${target.slice(0, 117)}...` : target
}

function last (lines: readonly string[]): string[] {
  const left = lines.length - MOST_LINES
  return left > 0 ? [`  ... ${left} more`, ...lines.slice(-MOST_LINES)] : [...lines]
}
