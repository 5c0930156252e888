import { createIds } from '../core/ids.js'
import { seededRandom, systemRandom } from '../core/random.js'
import type { VirtualClock } from '../core/virtual-clock.js'
import { startFrom, type RunningEmulator } from '../emulator.js'
import { setupFrom, type EmulatorOptions } from '../options/emulator-options.js'
import { clientOptions, type ClientOptions } from './client-options.js'
import { createCredential, type CredentialOptions, type TestCredential } from './credential.js'
import { World } from './world.js'

/** An emulator as tests use it. `await using` closes it. */
export interface TestEmulator extends RunningEmulator, AsyncDisposable {
  /** A subscription with a fresh id, which sees nothing of others. With the option `seed` ids are always the same. */
  subscription (): World
  /** For clients of @azure; its token needs no login and does not expire. */
  credential (options?: CredentialOptions): TestCredential
  /** The options of clients of @azure by which they reach azrun and trust it. */
  clientOptions (): ClientOptions
}

/** The stream of random numbers that ids of subscriptions come from. */
const STREAM = 2

/** Some runtimes, such as Jest's on Node 20, lack the symbol; compilers then use this one. */
const ASYNC_DISPOSE: typeof Symbol.asyncDispose = Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose')

type VirtualOptions = EmulatorOptions & { readonly clock: 'virtual' }

/**
 * An emulator for tests on a free port. Rejects with a `UsageError` where an option is wrong, and with the system's
 * error where it cannot listen.
 */
export async function startEmulator (options: VirtualOptions): Promise<TestEmulator & { readonly clock: VirtualClock }>
export async function startEmulator (options?: EmulatorOptions): Promise<TestEmulator>
export async function startEmulator (options: EmulatorOptions = {}): Promise<TestEmulator> {
  const setup = await setupFrom(options)
  const { seed } = setup.config
  const newId = createIds(seed === undefined ? systemRandom : seededRandom(seed, STREAM))
  const emulator = await startFrom(setup)
  return {
    ...emulator,
    subscription: () => new World(emulator, newId()),
    credential: (options = {}) => createCredential(emulator, options),
    clientOptions: () => clientOptions(emulator),
    [ASYNC_DISPOSE]: async () => await emulator.close()
  }
}
