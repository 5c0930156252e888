import { then } from '../../core/maybe-promise.js'
import { PollEffects } from '../effects/polls.js'
import { ArmError } from '../errors/arm-error.js'
import type { OperationCourses } from '../operations/courses.js'
import type { OperationResponses } from '../operations/response.js'
import type { Handlers, Services } from './handler-types.js'
import { createHold } from './hold.js'

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
