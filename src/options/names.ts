import type { Mistake } from '../validation/mistakes.js'
import type { Path } from '../validation/paths.js'

/** What the user calls an option or a value in it, which depends on how they set it. */
export interface OptionName {
  /** At the beginning of a message: `--cert`, `AZRUN_CERT`, `azrun.json:3:11: 'cert'`, `option 'cert'`. */
  readonly subject: string
  /** Elsewhere in a message: the same, except for `'cert' of azrun.json`. */
  readonly text: string
}

/** Names a value by its place in the user's input. */
export type NameOf = (path: Path, at?: Mistake['at']) => OptionName

/** A name that is the same in every position. */
export function plainName (text: string): OptionName {
  return { subject: text, text }
}

/** Formats mistakes as lines. */
export function tell (mistakes: readonly Mistake[], nameOf: NameOf): string[] {
  return mistakes.map(({ path, at, predicate }) => `${nameOf(path, at).subject} ${predicate}`)
}
