import type { WholeEmulator } from '../../src/emulator/emulator.js'
import type { Emulator } from '../../src/index.js'

/** The emulator with those members that a program does not see. */
export function whole (emulator: Emulator): WholeEmulator {
  return emulator as WholeEmulator
}
