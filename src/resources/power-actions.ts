import type { MachineCondition, Transition } from './machine-states.js'
import type { PowerState } from './virtual-machines.js'

/** How a power action changes a machine. */
export interface PowerAction {
  /** The last part of its path, as Azure spells it. */
  readonly verb: 'start' | 'restart' | 'redeploy' | 'powerOff' | 'deallocate'
  /** The machine's transition while it runs. */
  readonly transition: Transition
  /** The state of the machine afterwards. */
  readonly endsAs: PowerState
  /** The transitions that it interrupts (inferred). */
  readonly preempts: readonly Transition[]
  /** Whether it does nothing on a machine that is already in its state (recorded for start; else inferred). */
  readonly isIdempotent: boolean
  /** Whether it ends the runs in the machine. */
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

/** Whether there is nothing to do: the machine is at rest in the state where the action ends. */
export function isDone ({ isIdempotent, endsAs }: PowerAction, { powerState, transition }: MachineCondition): boolean {
  return isIdempotent && transition === undefined && powerState === endsAs
}
