import type { RequestListener } from 'node:http'
import { GUID } from '../core/guid.js'
import { Scope, type ScopeNames } from '../core/scope.js'
import { OptionError } from '../core/usage-error.js'
import type { DataDir } from '../data-dir/data-dir.js'
import { directToken } from '../identity/direct-token.js'
import type { OnePort } from '../listener/one-port.js'
import type { Setup } from '../options/setup.js'
import { createApp, type AppOptions } from './app.js'
import type { WholeEmulator } from './emulator.js'
import { openReport } from './open-report.js'
import { publicMachines, publicScaleSets } from './public-machines.js'
import type { Services } from './services.js'

/** The parts that only an emulator with a port has. */
interface Listening {
  readonly authority: NonNullable<AppOptions['authority']>
  createPort (handler: RequestListener): OnePort
}

interface Parts {
  readonly setup: Setup
  readonly services: Services
  readonly dataDir: DataDir
  readonly listening?: Listening
}

/** Connects the parts of an emulator. Closing it ends everything that they have started. */
export async function assemble ({ setup, services, dataDir, listening }: Parts): Promise<WholeEmulator> {
  const { agent, clock, events, journal, log, operations, scenarios, subscriptions } = services
  let port: OnePort | undefined
  const app = createApp(services, {
    authority: listening?.authority,
    ...listening && {
      serverFactory (handler: RequestListener) {
        port = listening.createPort(handler)
        return port.server
      }
    }
  })
  const cancelAll = () => operations.cancelAll('azrun was stopped before the operation ended.')
  // Before the server closes: it waits for requests in progress, which may wait for operations.
  app.addHook('preClose', async () => {
    port?.closePendingConnections()
    journal.close()
    scenarios.close()
    events.close()
    await cancelAll()
    port?.closeLingeringConnections()
  })
  // Again, for operations that clients have started since on open connections.
  app.addHook('onClose', async () => {
    await cancelAll()
    await agent.close()
    dataDir.remove()
  })
  if (setup.config.watch) {
    const { Reloader } = await import('../options/reload.js')
    const reloader = new Reloader(setup, { log, apply: services.apply })
    app.addHook('onClose', () => reloader.close())
  }
  const report = await openReport(setup, services)
  await services.runCommands.declare(Scope.everything)
  await app.ready()
  return {
    app,
    clock,
    journal,
    virtualMachines: publicMachines(services.virtualMachines, services.inventory),
    scaleSets: publicScaleSets(services.scaleSets, services.inventory),
    machineStates: services.machineStates,
    scenarios,
    reset: async (names = {}) => await services.reset(scopeOf(names)),
    issueToken: async (options = {}) =>
      await directToken({ ...services, tenantId: subscriptions.default.tenantId }, options),
    async close () {
      await app.close()
      await report?.write()
    }
  }
}

/** Refuses an id that no subscription has, as `POST /_emulator/reset` does: the reset would do nothing. */
function scopeOf (names: ScopeNames): Scope {
  const scope = Scope.of(names)
  const { subscriptionId } = scope
  if (subscriptionId === undefined || GUID.test(subscriptionId)) return scope
  throw new OptionError('subscriptionId', `must be a GUID, not ${JSON.stringify(subscriptionId)}`)
}
