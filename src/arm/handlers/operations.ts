import { then, type MaybePromise } from '../../core/maybe-promise.js'
import type { Operation } from '../../operations/operation.js'
import { PollEffects } from '../effects/polls.js'
import { ArmError } from '../errors/arm-error.js'
import type { OperationCourses } from '../operations/courses.js'
import type { OperationResponses } from '../operations/response.js'
import type { Handlers, Services } from './handler-types.js'

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

/** Polls. The URL of Azure-AsyncOperation returns the status, that of Location (with `monitor`) the result. */
export function operationHandlers (services: Services, responses: OperationResponses,
  courses: OperationCourses): Pick<Handlers, 'Operations_Get'> {
  const { clock, operations } = services
  const effects = new PollEffects({ clock, responses })
  const hold = createHold(services)
  return {
    Operations_Get: request => then(operations.get(request.resourceId!), found => {
      if (found === undefined) throw new ArmError('NotFound')
      courses.urlsOf(found).check({ operation: found, request })
      const shown = courses.next(found)
      const effect = request.effects?.poll
      if (typeof effect === 'string') return effects.respond(effect, { operation: shown, request })
      return then(hold(found, shown), operation => responses.poll({ operation, request }))
    })
  }
}
