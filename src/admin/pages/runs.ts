import { machineNameIn } from '../../core/resource-id.js'
import type { Operation } from '../../operations/operation.js'
import type { Operations } from '../../operations/operations.js'
import type { RecentRun, RecentRuns } from '../../operations/recent-runs.js'
import { keyOf } from '../../operations/records.js'
import type { Clock } from '../../time/clock.js'
import { html, type Content } from './html.js'

export interface RunsOptions {
  readonly clock: Clock
  readonly operations: Operations
  readonly recentRuns: RecentRuns
}

/** A table of the last run commands, the newest first. Leaves out those that a reset has dropped. */
export async function runsTable ({ clock, operations, recentRuns }: RunsOptions): Promise<Content> {
  const runs = await Promise.all(recentRuns.list().map(async run =>
    ({ run, operation: await operations.get(keyOf(run.operation)) })))
  const now = clock.now().getTime()
  const rows = runs.map(({ run, operation }) => operation && row(run, operation, now))
  if (!rows.some(Boolean)) return html`<p>No command has run yet.</p>`
  return html`<table class="runs">
<thead><tr><th>Started (UTC)</th><th>Machine</th><th>Command</th><th>Status</th>
<th class="number">Exit code</th><th class="number">Duration</th></tr></thead>
<tbody>${rows}</tbody>
</table>`
}

function row (run: RecentRun, operation: Operation, now: number): Content {
  const started = new Date(operation.startTime).toISOString()
  const { exitCode } = run.scriptRun
  const ms = ('endTime' in operation ? operation.endTime : now) - operation.startTime
  const exit = exitCode === undefined ? '–' : html`<span class="${exitCode === 0 ? 'good' : 'bad'}">${exitCode}</span>`
  return html`<tr>
<td data-label="Started (UTC)" class="close"><time datetime="${started}">${started.slice(0, 19).replace('T', ' ')}</time></td>
<td data-label="Machine" class="name"><span title="${run.vmId.text}">${machineNameIn(run.vmId.text)}</span></td>
<td data-label="Command"><span>${run.runCommandName ?? run.commandId}<br><code class="soft">${firstLine(run.script)}</code></span></td>
<td data-label="Status"><span>${status(operation)}</span></td>
<td data-label="Exit code" class="number">${exit}</td>
<td data-label="Duration" class="number close">${duration(ms)}</td>
</tr>`
}

function status (operation: Operation): Content {
  if (operation.status === 'InProgress') return html`<span class="busy">In progress</span>`
  if (operation.status === 'Succeeded') return html`<span class="good">Succeeded</span>`
  return html`<span class="bad" title="${operation.error.message}">${operation.status}: ${operation.error.code}</span>`
}

/** The first line that says what a script does. */
function firstLine (script: string): string {
  const lines = script.split('\n').map(line => line.trim()).filter(line => line !== '')
  const [first = '', ...others] = lines.filter((line, index) => index > 0 || !line.startsWith('#!'))
  return first.length > 60 || others.length > 0 ? `${first.slice(0, 60)} …` : first
}

/** A time in milliseconds for people: 40 ms, 1.2 s, 3 min 20 s. */
export function duration (ms: number): string {
  if (ms < 1000) return `${ms} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  return `${Math.floor(ms / 60_000)} min ${Math.floor(ms % 60_000 / 1000)} s`
}
