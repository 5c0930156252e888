import type { Emulator } from '../emulator/emulator.js'
import type { Dropped } from '../emulator/reset.js'
import type { Expectation } from '../journal/verify.js'
import { checkedOptions } from './checked-options.js'
import { checkedExpectations } from './expectations.js'
import { SubscriptionMachines } from './subscription-machines.js'
import { SubscriptionRequests } from './subscription-requests.js'
import { SubscriptionScaleSets } from './subscription-scale-sets.js'
import { SubscriptionScenarios } from './subscription-scenarios.js'

export interface TestVerifyOptions {
  /** Whether the requests must have come in the order of the expectations. Default: false. */
  readonly inOrder?: boolean
  /** The time to wait until all are met, in milliseconds of real time. Default: 0. */
  readonly timeout?: number
}

/** A subscription for one test, isolated from all others. */
export class TestSubscription {
  /** The subscription's id. */
  readonly id: string
  readonly scenarios: SubscriptionScenarios
  readonly requests: SubscriptionRequests
  readonly virtualMachines: SubscriptionMachines
  readonly scaleSets: SubscriptionScaleSets
  readonly #emulator: Emulator

  constructor (emulator: Emulator, id: string) {
    this.id = id
    this.#emulator = emulator
    this.scenarios = new SubscriptionScenarios(emulator.scenarios, id)
    this.requests = new SubscriptionRequests(emulator.journal, id)
    this.virtualMachines = new SubscriptionMachines(emulator, id)
    this.scaleSets = new SubscriptionScaleSets(emulator, id)
  }

  /**
   * Checks the requests to this subscription. Rejects with a `NotVerified` that says what is wrong, and with a
   * `UsageError` if an expectation is invalid.
   */
  async verify (expectations: readonly Expectation[], options: TestVerifyOptions = {}): Promise<void> {
    const { inOrder, timeout } = checkedOptions(options, ['inOrder', 'timeout'], 'verify')
    const checked = checkedExpectations(expectations)
    await this.#emulator.journal.verify(checked, { inOrder, timeout, within: this.id })
  }

  /**
   * Cancels what runs in this subscription, drops its state, and restores the machines and scenarios of the options.
   */
  async reset (): Promise<Dropped> {
    return await this.#emulator.reset({ subscriptionId: this.id })
  }
}
