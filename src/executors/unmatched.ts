import { createHash } from 'node:crypto'
import type { Log } from '../core/log.js'
import { machineName } from '../resources/virtual-machines.js'
import { commandName, ExecutionError, type Execution, type ExecutionResult } from './executor.js'

/** What happens to a script that no fixture matches: its output says so, or its operation fails. */
export type UnmatchedPolicy = 'succeed' | 'fail'

/** The most scripts to warn of. A script with an id or a time in it is a different one each time. */
const MAX_WARNINGS = 100

/** The most characters of a script's first line to show in a warning. */
const MAX_LINE = 60

const EXAMPLE = '{"fixtures":[{"name":"mine","match":{"script":"*"},"result":{"stdout":"hello"}}]}'

/** Handles the scripts that no fixture matches. */
export class Unmatched {
  readonly #policy: UnmatchedPolicy
  readonly #log: Pick<Log, 'warn'>
  /** Digests of the scripts that azrun has warned of. */
  readonly #warned = new Set<string>()

  constructor (policy: UnmatchedPolicy, log: Pick<Log, 'warn'>) {
    this.#policy = policy
    this.#log = log
  }

  /** Returns the script's result, or throws an `ExecutionError` if the policy is `fail`. */
  handle (execution: Execution): ExecutionResult {
    const article = execution.runCommandName === undefined ? 'this' : 'the'
    const subject = `fixture matches ${article} ${commandName(execution)} on '${machineName(execution.vm)}'`
    if (this.#policy === 'fail') {
      throw new ExecutionError('NoFixtureMatched', `No ${subject}, so azrun ran nothing. Add one with --fixtures, ` +
        'or run scripts for real with --executor shell.')
    }
    this.#warn(`no ${subject}`, execution)
    return {
      exitCode: 0,
      stdout: `azrun: no ${subject}, so nothing was run. Put a file such as ${EXAMPLE} into a directory and pass the ` +
        'directory with --fixtures, or run scripts for real with --executor shell.\n',
      stderr: ''
    }
  }

  /** Warns once of each script, because the client sees only a success. */
  #warn (subject: string, { commandId, script }: Execution): void {
    if (this.#warned.size >= MAX_WARNINGS) return
    const digest = createHash('sha256').update(`${commandId}\n${script}`).digest('base64')
    if (this.#warned.has(digest)) return
    this.#warned.add(digest)
    const last = this.#warned.size === MAX_WARNINGS ? `; this is the last of ${MAX_WARNINGS} such warnings` : ''
    this.#log.warn(`${subject} (${beginningOf(script)}): nothing was run, and it is reported as succeeded. Add one with ` +
      `--fixtures DIR, run scripts with --executor shell, or let such commands fail with --unmatched fail${last}`)
  }
}

function beginningOf (script: string): string {
  const [first] = script.trimStart().split('\n') as [string]
  return JSON.stringify(first.length > MAX_LINE ? `${first.slice(0, MAX_LINE)}...` : first)
}
