import type { Course } from '../../operations/course.js'
import { inProgress, type Operation } from '../../operations/operation.js'
import type { Clock } from '../../time/clock.js'
import { ArmError } from '../errors/arm-error.js'
import { Counts } from './counts.js'
import { MovingUrls } from './moving-urls.js'
import { OperationUrls, type OperationUrlsOptions } from './urls.js'

/** `fast`: tell clients to poll at once, and hold polls until the operation ends. `azure`: do neither. */
export type Pace = 'fast' | 'azure'

/** The URLs of an operation, in one form. */
type PollUrls = Pick<OperationUrls, 'accepted' | 'again' | 'check'>

export interface OperationCoursesOptions extends Omit<OperationUrlsOptions, 'always' | 'certificateBytes' | 'origin'> {
  readonly pace: Pace
}

/**
 * The headers that tell when to poll again. With `--pace fast` clients poll at once, since azrun holds the poll. Azure
 * sends neither header (recorded), and then every client waits 30 s. Java reads only the first and ignores 0; Go
 * prefers the second (measured: test/clients).
 */
const ASK_AGAIN: Readonly<Record<Pace, readonly string[]>> = {
  fast: ['Retry-After', '1', 'retry-after-ms', '1'],
  azure: []
}

/**
 * The actions whose responses and polls have Retry-After on Azure (recorded: net_power_vm_2023-03-01_hibernate; DELETE:
 * net_power_vm of 2019; that there still are today is inferred).
 */
const AT_AZURES_PACE: ReadonlyMap<string, readonly string[]> = new Map([
  ...['start/action', 'deallocate/action', 'delete'].map(verb => [`Microsoft.Compute/virtualMachines/${verb}`, '10'] as const),
  // Recorded: azure-xplat-cli.
  ['Microsoft.Resources/subscriptions/resourceGroups/delete', '15'] as const
].map(([action, seconds]) => [action, ['Retry-After', seconds]]))

const RETRY_AFTER: Readonly<Record<Extract<Course['retryAfter'], string>, (clock: Clock) => readonly string[]>> = {
  // A date has whole seconds. Rounded up, it leaves a second to wait.
  date: clock => ['Retry-After', new Date(Math.ceil(clock.now().getTime() / 1000 + 1) * 1000).toUTCString()],
  absent: () => [],
  junk: () => ['Retry-After', 'soon']
}

const URLS: Readonly<Record<NonNullable<Course['url']>, (options: OperationCoursesOptions) => PollUrls>> = {
  plain: options => new OperationUrls({ ...options, form: 'plain' }),
  signed: options => new OperationUrls({ ...options, form: 'signed', always: true }),
  // Clients must accept 4 KB (documented: async-operations.md). With a longer certificate, a URL is about as long.
  '4kb': options => new OperationUrls({ ...options, form: 'signed', always: true, certificateBytes: 2585 }),
  relative: options => new OperationUrls({ ...options, origin: '' }),
  moves: options => new MovingUrls(options),
  junk: options => new OperationUrls({ ...options, origin: 'https://[junk]' })
}

/** Decides the URLs, Retry-After and state in responses about operations, by their courses if they have one. */
export class OperationCourses {
  readonly #options: OperationCoursesOptions
  readonly #usual: OperationUrls
  readonly #forms = new Map<string, PollUrls>()
  readonly #polls = new Counts()

  constructor (options: OperationCoursesOptions) {
    this.#options = options
    this.#usual = new OperationUrls(options)
  }

  urlsOf ({ course }: Operation): PollUrls {
    const form = course?.url
    if (form === undefined) return this.#usual
    let urls = this.#forms.get(form)
    if (urls === undefined) this.#forms.set(form, urls = URLS[form](this.#options))
    return urls
  }

  /** The headers that tell when to poll again. */
  retryAfterOf ({ action, course }: Operation): readonly string[] {
    const { pace, clock } = this.#options
    const value = course?.retryAfter
    if (value === undefined) return (pace === 'azure' ? AT_AZURES_PACE.get(action) : undefined) ?? ASK_AGAIN[pace]
    return typeof value === 'number' ? ['Retry-After', `${value}`] : RETRY_AFTER[value](clock)
  }

  /** Starts to count the polls of an operation. */
  begin ({ id, course }: Operation): void {
    if (course !== undefined) this.#polls.reset(id)
  }

  /**
   * Counts a poll, and returns the operation to show: in progress for the first polls if the course has `polls`. Throws
   * for an expired operation, as for one that never existed (inferred).
   */
  next (operation: Operation): Operation {
    const { id, course } = operation
    if (course === undefined) return operation
    const { polls = 0, expiresAfter = Infinity } = course
    const poll = this.#polls.next(id)
    if (poll > expiresAfter) throw new ArmError('NotFound')
    return poll > polls ? operation : inProgress(operation)
  }
}
