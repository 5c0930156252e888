import type { Effect, Scenario } from '../../src/scenarios/scenario.js'
import { byMachine } from '../clients/named/named.js'

/** The rules that a plain run of test/check/client.js keeps or violates. */
export const PLAIN = ['R3', 'R4', 'R5', 'R9', 'R10', 'R11', 'R12']

/** The scenarios that the other rules need. */
export const evidence: Readonly<Record<string, Scenario>> = {
  R1: scenario('throttled', { throttle: { retryAfter: 1 } }, '1'),
  R2: scenario('reset', { socket: 'reset' }, '1'),
  R6: scenario('slow', { operation: { polls: 2, retryAfter: 1 } }),
  R7: scenario('canceled', { operation: { outcome: 'canceled' } }),
  R8: scenario('swallowed', { guest: { exitCode: 3, stderr: 'no space left' } }),
  R13: scenario('throttled-long', { answer: { status: 429, headers: { 'retry-after-ms': '10' } } }, '1-15')
}

/** A scenario with an effect on these calls of the run command. */
function scenario (name: string, effect: Effect, calls = '1-'): Scenario {
  return { name, match: { operation: 'VirtualMachines_RunCommand' }, calls, do: [effect] }
}

/** Named scenarios that do not take long, each for the machine with its name. */
export const onMachines: readonly Scenario[] = byMachine().filter(({ name }) => [
  'conflict-in-progress', 'script-ran-twice', 'exit-code-swallowed', 'throttled-seconds', 'server-error-then-well',
  'poll-fails-once', 'poll-throttled', 'reset-then-well', 'truncated-answer', 'lro-location-only', 'lro-moving-url',
  'lro-4kb-url', 'lro-retry-after-absent', 'lro-canceled', 'lro-result-late', 'lro-no-status', 'vm-vanishes'
].includes(name))
