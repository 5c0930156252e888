import { isDeepStrictEqual } from 'node:util'
import type { Fixture } from '../executors/fixture.js'
import type { Tokens } from '../identity/tokens.js'
import type { Config } from '../options/options.js'
import type { Inventory } from '../resources/inventory.js'
import type { ManagedRunCommands } from '../resources/managed-run-commands.js'
import type { Scenarios } from '../scenarios/scenarios.js'
import type { Services, Settings } from './services.js'

/** The services that changed options concern. */
export interface Changeable {
  /** The current settings. */
  readonly settings: Settings
  readonly inventory: Inventory
  readonly runCommands: ManagedRunCommands
  readonly scenarios: Scenarios
  readonly tokens: Tokens
  redeclare (changed: Config): void
  useFixtures (fixtures: readonly Fixture[]): void
}

/** Returns a function that puts changed options in force. */
export function createApply ({ settings, inventory, runCommands, ...parts }: Changeable): Services['apply'] {
  return async ({ config, fixtures, scenarios }) => {
    const hasRunCommands = !isDeepStrictEqual(settings.runCommands, config.runCommands)
    // Everything changes in one step, so that no request sees only a part of it.
    await inventory.redeclare(() => {
      parts.useFixtures(fixtures)
      parts.scenarios.configure(scenarios)
      parts.redeclare(config)
      parts.tokens.trust(config.trustedKeys)
      const { adminToken: unchanged, ...others } = config
      Object.assign(settings, others)
    })
    if (hasRunCommands) await runCommands.redeclare(config.runCommands)
  }
}
