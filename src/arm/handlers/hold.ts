import type { MaybePromise } from '../../core/maybe-promise.js'
import type { Operation } from '../../operations/operation.js'
import type { Services } from './handler-types.js'

/** How long `--pace fast` holds the poll of an unfinished operation, in milliseconds. */
const LONGEST_HOLD = 10_000

/**
 * Returns a function that decides which state of an operation a poll shows: with `--pace fast` its end, if that comes
 * in time. A poll that a course makes show another state is not held.
 */
export function createHold ({ operations, settings: { pace } }: Services) {
  return (found: Operation, shown: Operation): MaybePromise<Operation> =>
    pace === 'fast' && shown === found ? operations.settle(found, LONGEST_HOLD) : shown
}
