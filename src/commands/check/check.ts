import { UsageError } from '../../core/usage-error.js'
import { tolerateErrors } from '../../logging/bounded-output.js'
import type { ScenarioChoice, Setup } from '../../options/setup.js'
import { ReportFile } from '../../reports/report-file.js'
import { hasExited, isViolated } from '../../rules/index.js'
import { endUnread, print } from '../print.js'
import { codeOf } from '../run-child.js'
import { catchSignals } from '../signals.js'
import { checkedRun, type CheckedRun, type CheckOptions } from './checked-run.js'
import { detailsOf } from './details.js'
import { Progress } from './progress.js'
import { reportOf } from './report.js'
import { allScenarios, askedScenarios, concerned } from './select.js'
import { Table } from './table.js'

/** What the user asked to check. */
export interface Asked {
  /** Names, files and directories; undefined for all scenarios that concern the command. */
  readonly scenarios?: readonly string[]
  /** The limit of each run. */
  readonly timeoutSeconds: number
}

/**
 * Runs the command once without a scenario and once in each scenario, judges each run, and sets the exit code: 1 if a
 * rule is violated (warnings do not count), 128 plus the number of a signal that ended the check. `read` reads the
 * options, and reports what is wrong with the asked scenarios together with other mistakes.
 */
export async function check (read: (choose?: ScenarioChoice) => Promise<Setup>, asked: Asked,
  command: readonly string[]): Promise<void> {
  const { scenarios, timeoutSeconds } = asked
  const setup = await read(scenarios && (own => askedScenarios(scenarios, allScenarios(own))))
  const { config } = setup
  const report = config.report === undefined ? undefined : new ReportFile(config.report, config.nameOf('report').subject)
  const signals = catchSignals()
  try {
    const runs = await allRuns({ setup, command, limits: { timeoutMs: timeoutSeconds * 1000, signals } })
    if (signals.received !== undefined) {
      process.exitCode = codeOf(signals.received)
      return
    }
    showDetails(runs, config.verbose)
    report?.write(reportOf(runs, command))
    if (!hasExited(runs[0]!.end)) throw tooSlow(asked)
    process.exitCode = runs.some(isBad) ? 1 : 0
  } finally {
    signals.release()
    endUnread()
  }
}

/** Prints a row for each run as it ends; stops after a signal. */
async function allRuns (options: CheckOptions): Promise<CheckedRun[]> {
  const { setup, limits: { signals } } = options
  const progress = new Progress()
  progress.show('azrun: the plain run')
  const { run: plain, journal } = await checkedRun(options)
  progress.clear()
  if (signals.received !== undefined) return []
  if (plain.entries.length === 0) throw sentNothing(plain)
  const scenarios = setup.chosen ?? concerned(allScenarios(setup.scenarios), journal)
  const table = new Table(scenarios.map(({ name }) => name))
  await print(table.head + table.row(plain))
  const runs = [plain]
  for (const [index, scenario] of scenarios.entries()) {
    if (!hasExited(plain.end)) break
    progress.show(`azrun: ${scenario.name}, ${index + 1} of ${scenarios.length}`)
    const { run } = await checkedRun(options, scenario)
    progress.clear()
    if (signals.received !== undefined) return runs
    await print(table.row(run))
    runs.push(run)
  }
  return runs
}

function sentNothing ({ end }: CheckedRun): UsageError {
  const last = end.output.trim().split('\n').at(-1)!
  const [within, orSlow] = 'exitCode' in end
    ? ['', '']
    : [` within ${end.stoppedAfterMs / 1000} s`, 'give it more time with --timeout SECONDS, or ']
  return new UsageError(`the command sent azrun no request${within}, so there is nothing to judge: ${orSlow}check whether it uses the ` +
    `environment of azrun exec; ${last === '' ? 'it wrote nothing' : `its last line is: ${last}`}`)
}

function tooSlow ({ timeoutSeconds }: Asked): Error {
  return new Error(`the plain run did not end within ${timeoutSeconds} s, so no scenario was tried: give it more time ` +
    'with --timeout SECONDS')
}

function isBad ({ verdicts }: CheckedRun): boolean {
  return verdicts.some(isViolated)
}

/** Writes to stderr, so that stdout has only the table. */
function showDetails (runs: readonly CheckedRun[], isVerbose: boolean): void {
  tolerateErrors(process.stderr)
  for (const run of runs) if (isVerbose || isBad(run)) process.stderr.write(detailsOf(run))
}
