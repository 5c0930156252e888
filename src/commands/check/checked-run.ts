import type { JournalEntry } from '../../journal/entry.js'
import type { Journal } from '../../journal/journal.js'
import type { Setup } from '../../options/setup.js'
import { judge, type CommandEnd, type Verdict } from '../../rules/index.js'
import type { Scenario } from '../../scenarios/scenario.js'
import { withChildEnvironment } from '../child-environment.js'
import { listen } from '../listen.js'
import { runCaptured, type Limits } from './captured-child.js'

/** The most calls of a run that the rules see: the last ones. */
const MOST_CALLS = 10_000

/** A run of the command, and the verdicts on it. */
export interface CheckedRun {
  /** The scenario's name; `plain` without one. */
  readonly name: string
  readonly end: CommandEnd
  /** Numbered from 1 in each run. */
  readonly entries: readonly JournalEntry[]
  readonly verdicts: readonly Verdict[]
  /** Whether a scenario applied to a call. */
  readonly isAffected: boolean
}

export interface CheckOptions {
  readonly setup: Setup
  readonly command: readonly string[]
  readonly limits: Limits
}

/** Overrides what a check decides itself: waits are real, and each run starts without scenarios. */
function setupOf ({ config, ...setup }: Setup): Setup {
  const { logLevel = 'error' } = config
  const own = { clock: 'system', pace: 'fast', watch: false, verbose: false, logLevel, journal: MOST_CALLS } as const
  return { ...setup, config: { ...config, ...own, readyFile: undefined, report: undefined }, scenarios: [] }
}

/** Runs the command against a fresh emulator with this scenario. Also returns its journal, which can be large. */
export async function checkedRun ({ setup, command, limits }: CheckOptions,
  scenario?: Scenario): Promise<{ readonly run: CheckedRun, readonly journal: Journal }> {
  const { config, ...rest } = setupOf(setup)
  const emulator = await listen({ ...rest, config })
  const { journal, scenarios } = emulator
  const [program, ...args] = command as [string, ...string[]]
  try {
    return await withChildEnvironment(emulator, config, async env => {
      if (scenario !== undefined) scenarios.put(scenario)
      const end = await runCaptured({ command: program, args, env }, limits)
      return { run: judged(scenario?.name ?? 'plain', end, journal.list().value), journal }
    })
  } finally {
    await emulator.close()
  }
}

function judged (name: string, end: CommandEnd, recorded: readonly JournalEntry[]): CheckedRun {
  const entries = recorded.map((entry, index) => ({ ...entry, sequence: index + 1 }))
  const verdicts = judge({ entries, command: end, clock: 'system' })
  return { name, end, entries, verdicts, isAffected: entries.some(({ scenario }) => scenario !== undefined) }
}
