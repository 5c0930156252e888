import { isDeepStrictEqual } from 'node:util'
import type { Log } from '../core/log.js'
import type { MaybePromise } from '../core/maybe-promise.js'
import { messageOf } from '../core/message-of.js'
import { UsageError } from '../core/usage-error.js'
import { shown } from '../validation/mistakes.js'
import { options, type Config, type OptionKey } from './options.js'
import { readSetupAgain, type Setup } from './setup.js'
import { FileWatcher } from './watch-files.js'

/** The options that can change while an emulator runs. The others take effect only at its start. */
const CHANGEABLE = ['fixtures', 'scenarios', 'respond', 'delay', 'strict', 'virtualMachines', 'virtualMachineScaleSets',
  'resourceGroups', 'powerStates', 'runCommands', 'subscriptions', 'servicePrincipals', 'managedIdentities', 'users', 'roleAssignments',
  'trustedKeys'] as const satisfies readonly OptionKey[]

const FIXED = (options.map(([name]) => name) as OptionKey[])
  .filter(name => !(CHANGEABLE as readonly OptionKey[]).includes(name))

export interface ReloaderOptions {
  readonly log: Log
  /** Applies changed options, fixtures and scenarios. */
  apply (changed: Pick<Setup, 'config' | 'fixtures' | 'scenarios'>): MaybePromise<void>
}

/** Reads a setup's files again when they change. Logs what is wrong with them, and then keeps the last good ones. */
export class Reloader {
  readonly #log: Log
  readonly #apply: ReloaderOptions['apply']
  readonly #watcher: FileWatcher
  readonly #running: Config
  /** The last good setup. */
  #read: Setup
  /** The last options, even wrong ones: the fixtures and scenarios that they name may be corrected. */
  #named: Config
  /** The problems of the last reading. */
  #problems: readonly string[] = []
  #reading: Promise<void>

  constructor (setup: Setup, { log, apply }: ReloaderOptions) {
    this.#log = log
    this.#apply = apply
    this.#running = setup.config
    this.#read = setup
    this.#named = setup.config
    this.#watcher = new FileWatcher({
      changed: () => { this.#reading = this.#reading.then(() => this.#reload()) },
      failed: (directory, error) => log.warn(`${directory} cannot be watched for changes: ${error.message}`)
    })
    // A file may have changed since the setup was read.
    this.#reading = this.#reload()
  }

  /** Stops watching. Resolves when no reading is in progress. */
  async close (): Promise<void> {
    this.#watcher.close()
    await this.#reading
  }

  #watch (): void {
    this.#watcher.watch(this.#paths())
  }

  #paths (): string[] {
    const { config, sources: { file } } = this.#read
    const contents = [config, this.#named].flatMap(({ fixtures, scenarios }) => [fixtures, scenarios])
    return [file?.path, ...contents].filter(path => typeof path === 'string')
  }

  async #reload (): Promise<void> {
    // Watch before reading, so that no change is missed.
    this.#watch()
    const { sources, parts } = this.#read
    try {
      const setup = await readSetupAgain(sources, parts, config => {
        this.#named = config
        // The fixtures and scenarios may be in other places than before.
        this.#watch()
      })
      const isSame = this.#problems.length === 0 && isDeepStrictEqual(contentOf(setup), contentOf(this.#read))
      this.#problems = []
      if (!isSame) await this.#use(setup)
    } catch (error) {
      const problems = error instanceof UsageError ? error.problems : [messageOf(error)]
      if (isDeepStrictEqual(problems, this.#problems)) return
      this.#problems = problems
      for (const problem of problems) this.#log.error(problem)
      this.#log.warn('azrun keeps the options, fixtures and scenarios that it read before')
    }
  }

  async #use (setup: Setup): Promise<void> {
    const { config, scenarios } = setup
    this.#warnOfFixed(config)
    const changed = Object.fromEntries(CHANGEABLE.map(name => [name, config[name]]))
    const fixtures = config.executor === this.#running.executor ? setup.fixtures : this.#read.fixtures
    this.#read = { ...setup, fixtures }
    await this.#apply({ config: { ...this.#running, ...changed }, fixtures, scenarios })
    this.#log.info('azrun now uses the changed options, fixtures and scenarios')
  }

  #warnOfFixed (config: Config): void {
    for (const name of FIXED) {
      const running = this.#running[name]
      const isNew = !isDeepStrictEqual(config[name], this.#read.config[name])
      if (!isNew || isDeepStrictEqual(config[name], running)) continue
      this.#log.warn(`${config.nameOf(name).subject} has changed, which takes effect when azrun restarts; ` +
        (name === 'adminToken' ? 'until then azrun keeps the old one' : `until then it is ${running === undefined ? 'not set' : shown(running)}`))
    }
  }
}

function contentOf ({ config: { nameOf, ...options }, fixtures, scenarios }: Setup): unknown {
  return { options, fixtures, scenarios }
}
