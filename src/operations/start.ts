import type { MaybePromise } from '../core/maybe-promise.js'
import type { ResourceId } from '../core/resource-id.js'
import type { RecordKey } from '../core/store.js'
import type { Course } from './course.js'
import type { Operation } from './operation.js'
import type { OperationPlan } from './plan.js'
import type { Run } from './run.js'
import type { Turns } from './turns.js'

/** What an operation does, and on which resource. */
export interface OperationStart {
  readonly action: string
  /** The resource that the action is on. */
  readonly resourceId: ResourceId
  /** What the operation claims until it ends; one operation at a time can. Default: its resource. */
  readonly claim?: RecordKey
  /** The machines whose power it changes. Default: none. */
  readonly changes?: readonly RecordKey[]
  readonly location: string
  readonly plan: OperationPlan
  /** How a scenario changes what clients see of it. */
  readonly course?: Course
  /** Where the run waits for its turn, if the number of concurrent runs is limited. */
  readonly turns?: Turns
  /** If it returns no promise and the plan has no delay, the operation is completed at once. */
  readonly run: Run
  /** Called with the ended operation, before clients can see its end and before its claim is released. */
  ended? (operation: Operation): MaybePromise<void>
}

/** Another operation holds the claim that this one needs. */
export class ResourceBusy extends Error {
  override readonly name = 'ResourceBusy'

  constructor ({ text }: ResourceId) {
    super(`An operation is in progress on ${text}.`)
  }
}

/** What the operation claims. */
export function claimOf ({ claim, resourceId }: OperationStart): RecordKey {
  return claim ?? resourceId
}
