import { createIds } from '../core/ids.js'
import { seededRandom, systemRandom } from '../core/random.js'
import type { RunningEmulator } from '../emulator/emulator.js'
import { startFrom } from '../emulator/start.js'
import { setupFrom, type EmulatorOptions, type VirtualClockOptions } from '../options/emulator-options.js'
import type { Clock } from '../time/clock.js'
import type { VirtualClock } from '../time/virtual-clock.js'
import { checkedScenarios, type TestScenarios } from './checked-scenarios.js'
import { clientOptions, type ClientOptions } from './client-options.js'
import { createCredential, type CredentialOptions, type TestCredential } from './credential.js'
import { TestSubscription } from './subscription.js'

/** An emulator for tests; with virtual time a `TestEmulator<VirtualClock>`. `await using` closes it. */
export interface TestEmulator<Time extends Clock = Clock> extends RunningEmulator, AsyncDisposable {
  readonly clock: Time
  readonly scenarios: TestScenarios
  /** Returns a subscription with a new id, isolated from others. With `seed`, the ids are the same in each run. */
  subscription (): TestSubscription
  /** Returns a credential for @azure clients. Its token needs no login and does not expire. */
  credential (options?: CredentialOptions): TestCredential
  /** Returns options with which @azure clients reach and trust azrun. */
  clientOptions (): ClientOptions
}

/** The stream of random numbers for ids of subscriptions. */
const STREAM = 2

/** Some runtimes, such as Jest's on Node 20, lack the symbol; compilers then use this one. */
const ASYNC_DISPOSE: typeof Symbol.asyncDispose = Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose')

/**
 * Starts an emulator for tests on a free port. Rejects with a `UsageError` if an option is wrong, and with the system's
 * error if it cannot listen.
 */
export async function startEmulator (options: VirtualClockOptions): Promise<TestEmulator<VirtualClock>>
export async function startEmulator (options?: EmulatorOptions): Promise<TestEmulator>
export async function startEmulator (options: EmulatorOptions = {}): Promise<TestEmulator> {
  const setup = await setupFrom(options)
  const { seed } = setup.config
  const newId = createIds(seed === undefined ? systemRandom : seededRandom(seed, STREAM))
  const emulator = await startFrom(setup)
  return {
    ...emulator,
    scenarios: checkedScenarios(emulator.scenarios),
    subscription: () => new TestSubscription(emulator, newId()),
    credential: (options = {}) => createCredential(emulator, options),
    clientOptions: () => clientOptions(emulator),
    [ASYNC_DISPOSE]: async () => await emulator.close()
  }
}
