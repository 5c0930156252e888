import { then } from '../../core/maybe-promise.js'
import { PollEffects } from '../effects/polls.js'
import { ArmError } from '../errors/arm-error.js'
import type { OperationCourses } from '../operations/courses.js'
import type { OperationResponses } from '../operations/response.js'
import type { Handlers, Services } from './handler-types.js'

/** How long `--pace fast` holds the poll of an unfinished operation, in milliseconds. */
export const LONGEST_HOLD = 10_000

/** Polls. The URL of Azure-AsyncOperation returns the status, that of Location (with `monitor`) the result. */
export function operationHandlers ({ clock, operations, settings: { pace } }: Services, responses: OperationResponses,
  courses: OperationCourses): Pick<Handlers, 'Operations_Get'> {
  const effects = new PollEffects({ clock, responses })
  return {
    Operations_Get: request => then(operations.get(request.resourceId!), found => {
      if (found === undefined) throw new ArmError('NotFound')
      courses.urlsOf(found).check({ operation: found, request })
      const shown = courses.next(found)
      const effect = request.effects?.poll
      if (typeof effect === 'string') return effects.respond(effect, { operation: shown, request })
      const isHeld = pace === 'fast' && shown === found
      return then(isHeld ? operations.settle(found, LONGEST_HOLD) : shown,
        operation => responses.poll({ operation, request }))
    })
  }
}
