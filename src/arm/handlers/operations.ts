import { then } from '../../core/maybe-promise.js'
import { ArmError } from '../errors.js'
import type { OperationResponses } from '../operation-response.js'
import type { OperationUrls } from '../operation-urls.js'
import type { Handlers, Services } from './handler-types.js'

/** Milliseconds that `--pace fast` holds the poll of an unfinished operation. */
const LONGEST_HOLD = 10_000

/** Polling: the URL of Azure-AsyncOperation shows the status, that of Location (it says `monitor`) the result. */
export function operationHandlers ({ operations, settings: { pace } }: Services, responses: OperationResponses,
  urls: OperationUrls): Pick<Handlers, 'Operations_Get'> {
  return {
    Operations_Get: request => then(operations.get(request.resourceId!), found => {
      if (found === undefined) throw new ArmError('NotFound')
      urls.check({ operation: found, request })
      return then(pace === 'fast' ? operations.settle(found, LONGEST_HOLD) : found, operation => {
        const view = { operation, request }
        return request.query.monitor === undefined ? responses.status(view) : responses.result(view)
      })
    })
  }
}
