import type { MachineCondition, Transition } from './machine-states.js'
import type { PowerState } from './virtual-machines.js'

/** What an action does to the power of a machine. */
export interface PowerAction {
  /** As the path names it, in Azure's spelling. */
  readonly verb: 'start' | 'restart' | 'redeploy' | 'powerOff' | 'deallocate'
  /** What the machine does meanwhile. */
  readonly transition: Transition
  /** The state of the machine afterwards. */
  readonly endsAs: PowerState
  /** What else may go on that this puts an end to (inferred: wire facts of machines, 1.4). */
  readonly preempts: readonly Transition[]
  /** Whether it has nothing to do for a machine that is in its state already (recorded of a start; else inferred). */
  readonly isIdempotent: boolean
  /** Whether what runs in the machine ends. */
  readonly cutsOff: boolean
}

const STARTS = ['starting', 'restarting'] as const

export const powerActions = {
  start: { verb: 'start', transition: 'starting', endsAs: 'running', preempts: [], isIdempotent: true, cutsOff: false },
  restart: { verb: 'restart', transition: 'restarting', endsAs: 'running', preempts: [], isIdempotent: false, cutsOff: true },
  redeploy: { verb: 'redeploy', transition: 'restarting', endsAs: 'running', preempts: [], isIdempotent: false, cutsOff: true },
  powerOff: { verb: 'powerOff', transition: 'stopping', endsAs: 'stopped', preempts: STARTS, isIdempotent: true, cutsOff: true },
  deallocate: {
    verb: 'deallocate', transition: 'deallocating', endsAs: 'deallocated', preempts: [...STARTS, 'stopping'], isIdempotent: true, cutsOff: true
  }
} as const satisfies Readonly<Record<string, PowerAction>>

/** Whether the machine is, at rest, as the action leaves it, so that nothing is to be done. */
export function isDone ({ isIdempotent, endsAs }: PowerAction, { powerState, transition }: MachineCondition): boolean {
  return isIdempotent && transition === undefined && powerState === endsAs
}
