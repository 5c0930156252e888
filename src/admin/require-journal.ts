import { NONE_KEPT, type Journal } from '../journal/journal.js'
import { AdminError } from './errors.js'

/** Refuses a request about kept requests if none are kept: an empty list would look as if no client had sent any. */
export function requireJournal ({ isOn }: Journal): void {
  if (!isOn) throw new AdminError(400, NONE_KEPT)
}
