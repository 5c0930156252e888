import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Test } from 'tap'
import { silentLog, type Log } from '../../src/core/log.js'
import { virtualMachineId } from '../../src/core/resource-id.js'
import type { Execution, ExecutionResult, Executor } from '../../src/executors/executor.js'
import { killAll, MARKER } from '../../src/executors/shell/kill.js'
import { readRecords } from '../../src/executors/shell/records.js'
import { createShellExecutor } from '../../src/executors/shell/shell.js'
import { hasVariable, processIds } from '../../src/processes/proc.js'

/** An execution like those of the agent of a Linux machine, without parameters by default. */
export function execution (script: string, given: Partial<Execution> = {}): Execution {
  return {
    vm: { id: virtualMachineId('s', 'rg', 'vm'), location: 'westus', osType: 'Linux', initialState: 'running' },
    commandId: 'RunShellScript',
    parameters: [],
    interpreter: 'sh',
    script,
    args: ['/path/in/the/vm/script.sh'],
    env: {},
    maxOutput: 4096,
    ...given
  }
}

/** A shell executor with its own data directory. The end of the test closes it and kills its remaining processes. */
export function shellExecutor (t: Test, log: Log = silentLog): Executor {
  const dataDir = mkdtempSync(join(tmpdir(), 'azrun-test-'))
  const executor = createShellExecutor({ dataDir, log })
  t.teardown(async () => {
    for (const { id } of readRecords(dataDir)) await killAll(processIds, pid => hasVariable(pid, `${MARKER}=${id}.`))
    await executor.close!()
    rmSync(dataDir, { recursive: true })
  })
  return executor
}

/** Runs every script until it is canceled. */
export const endless: Executor = {
  async execute (_execution, { signal }) {
    await once(signal, 'abort')
    throw signal.reason
  }
}

/** Starts a process in its own session, with this marker and maybe as another user. It ends with the test. */
export function sleeper (t: Test, marker: string, user: { readonly uid?: number, readonly gid?: number } = {}): number {
  const env = { PATH: process.env['PATH'], [MARKER]: marker }
  const child = spawn('sleep', ['300'], { detached: true, stdio: 'ignore', env, ...user })
  t.teardown(() => { child.kill('SIGKILL') })
  return child.pid!
}

/** Executes and always returns a promise. An executor may return its result without one. */
export async function run (executor: Executor, execution: Execution, signal = never()): Promise<ExecutionResult> {
  return await executor.execute(execution, { signal })
}

/** The exit code and the output of a result, without the executor's counts. */
export function left ({ exitCode, stdout, stderr }: ExecutionResult): Pick<ExecutionResult, 'exitCode' | 'stdout' | 'stderr'> {
  return { exitCode, stdout, stderr }
}

export function never (): AbortSignal {
  return new AbortController().signal
}

/** Polls for a condition outside this process that causes no event, until the test's timeout. */
export async function until (condition: () => boolean): Promise<void> {
  while (!condition()) await setTimeout(2)
}

/** Also true for a zombie, because the first process of a container may not reap killed processes. */
export function isGone (pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return true
  }
  return existsSync('/proc/self') && stateOf(pid) === 'Z'
}

/** The state of a process as a letter, `Z` for a zombie. */
function stateOf (pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').charAt(0)
  } catch {
    return 'Z'
  }
}
