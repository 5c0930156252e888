import { existsSync, readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import type { Execution } from '../src/executors/executor.js'

/** A script as the agent of a Linux machine hands it over, without parameters unless they are given. */
export function execution (script: string, given: Partial<Execution> = {}): Execution {
  return {
    vm: { subscriptionId: 's', resourceGroup: 'rg', name: 'vm', location: 'westus', osType: 'Linux', powerState: 'running' },
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

export function never (): AbortSignal {
  return new AbortController().signal
}

/** Waits for something outside the process that tells nobody when it happens; the test's time limit bounds it. */
export async function until (condition: () => boolean): Promise<void> {
  while (!condition()) await setTimeout(2)
}

/** A killed process whose parent does not collect it, such as a container's first one, is gone too. */
export function isGone (pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return true
  }
  return existsSync('/proc/self') && stateOf(pid) === 'Z'
}

/** One letter, `Z` for a dead one. */
function stateOf (pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').charAt(0)
  } catch {
    return 'Z'
  }
}
