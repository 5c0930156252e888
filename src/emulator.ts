import { randomBytes } from 'node:crypto'
import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hostname } from 'node:os'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import type { AdminOptions } from './admin/plugin.js'
import { createApp } from './app.js'
import type { Clock } from './core/clock.js'
import type { MachineStates } from './core/machine-states.js'
import type { ScaleSets } from './core/scale-sets.js'
import { Scope, type ScopeNames } from './core/scope.js'
import { OptionError, UsageError } from './core/usage-error.js'
import type { VirtualClock } from './core/virtual-clock.js'
import type { VirtualMachines } from './core/virtual-machines.js'
import { createWarnOnce } from './core/warn-once.js'
import { removeLeftovers } from './executors/leftovers.js'
import { directToken, type DirectTokenOptions } from './identity/direct-token.js'
import { createSigningKey, hasSigningKey, loadOrCreateSigningKey } from './identity/signing-key.js'
import { certificatesFor } from './listener/certificates.js'
import { requireListenable } from './listener/listening-check.js'
import { createOnePort, type OnePort } from './listener/one-port.js'
import type { Journal } from './journal/journal.js'
import { createLogger } from './logging/logger.js'
import { authorityOf, type Config } from './options/config.js'
import { findDataDir, openDataDir, orRemove, type DataDir } from './options/data-dir.js'
import { isLoopback } from './options/host.js'
import { removeAbandoned } from './options/temporary-directory.js'
import { setupFrom, type EmulatorOptions } from './options/emulator-options.js'
import type { OptionKey } from './options/options.js'
import type { Setup } from './options/setup.js'
import { portOptions } from './port-options.js'
import { openReport } from './report.js'
import type { Dropped } from './reset.js'
import type { Scenarios } from './scenarios/scenarios.js'
import { createServices, type Services } from './services.js'

export interface Emulator {
  /** The Fastify app: `app.inject` sends a request without a port. */
  readonly app: FastifyInstance
  readonly clock: Clock
  /** The requests of clients. */
  readonly journal: Journal
  /** The virtual machines. `declare` does not validate its argument here, nor does that of `scaleSets`. */
  readonly virtualMachines: VirtualMachines
  readonly scaleSets: ScaleSets
  /** The current power states of machines, declared or not. */
  readonly machineStates: MachineStates
  /** The active scenarios. `put` does not validate its argument. */
  readonly scenarios: Scenarios
  /**
   * Cancels all runs, deletes all state, and restores the declared machines: everywhere, or only in a subscription, a
   * resource group or a machine. A reset of a subscription also deletes its scenarios. Rejects with a `UsageError` for
   * a resource group without its subscription, and for a machine without its resource group.
   */
  reset (scope?: ScopeNames): Promise<Dropped>
  /** Issues a bearer token without a login. `auth: 'strict'` accepts it, too. */
  issueToken (options?: DirectTokenOptions): Promise<string>
  /** Cancels all runs, then closes every connection. */
  close (): Promise<void>
}

export interface RunningEmulator extends Emulator {
  readonly url: string
  /** The same port without TLS. */
  readonly httpUrl: string
  readonly port: number
  /** The certificate to trust: NODE_EXTRA_CA_CERTS, or the `ca` of a TLS option. */
  readonly caFile: string
  /**
   * The token for the API for tests: that of the option, else a random one if `host` is not loopback; undefined if the
   * API requires none.
   */
  readonly adminToken?: string
}

/** An emulator that was started with the option `clock: 'virtual'`. */
type WithVirtualClock<Made extends Emulator> = Made & { readonly clock: VirtualClock }
type VirtualOptions = EmulatorOptions & { readonly clock: 'virtual' }

/** Creates an emulator without a port, for `app.inject`. Rejects with a `UsageError` if an option is wrong. */
export async function createEmulator (options: VirtualOptions): Promise<WithVirtualClock<Emulator>>
export async function createEmulator (options?: EmulatorOptions): Promise<Emulator>
export async function createEmulator (options: EmulatorOptions = {}): Promise<Emulator> {
  const setup = await setupFrom(options)
  const { config, parts: { logger: log = createLogger(config) } } = setup
  const dataDir = findDataDir(config)
  return await orRemove(dataDir, async () => {
    const services = createServices(setup, dataDir.path, log, createSigningKey)
    await removeLeft(dataDir, log)
    return await assemble(setup, services, log, dataDir)
  })
}

/**
 * The most connections that wait to be accepted. The system has its own limit, on Linux 4096. With Node's default of
 * 511, Linux resets some connections if many clients connect at a time.
 */
const BACKLOG = 65_535

/**
 * Starts an emulator on a port, by default a free one, for TLS and plain HTTP. Rejects with a `UsageError` if an option
 * is wrong, and with the system's error if it cannot listen.
 */
export async function startEmulator (options: VirtualOptions): Promise<WithVirtualClock<RunningEmulator>>
export async function startEmulator (options?: EmulatorOptions): Promise<RunningEmulator>
export async function startEmulator (options: EmulatorOptions = {}): Promise<RunningEmulator> {
  return await startFrom(await setupFrom(options))
}

/** Starts an emulator from options that are already read and checked. */
export async function startFrom (setup: Setup): Promise<RunningEmulator> {
  const { config, parts: { logger: log = createLogger(config) } } = setup
  const dataDir = openDataDir(config, message => log.warn(message))
  return await orRemove(dataDir, async () => await listen(setup, log, dataDir))
}

async function listen (setup: Setup, log: Logger, dataDir: DataDir): Promise<RunningEmulator> {
  const { config } = setup
  const { host } = config
  const warnOnce = createWarnOnce(log)
  // The start and the first use of a file may both find the same fault.
  const warn = (message: string) => warnOnce(message, () => message)
  // The key is stored, so that the tokens of clients stay valid after a restart.
  const signingKey = () => loadOrCreateSigningKey(dataDir.path, warn)
  const adminToken = config.adminToken ?? (isLoopback(host) ? undefined : randomBytes(32).toString('base64url'))
  const services = createServices({ ...setup, config: { ...config, adminToken } }, dataDir.path, log, signingKey)
  // Reports an unusable key now, and not at each login.
  const requireSigningKey = async () => { if (!hasSigningKey(dataDir.path, warn)) await services.tokens.publicKeys() }
  await removeLeft(dataDir, log)
  const [{ ca, caFile, ...certificates }] = await bothEnded(
    certificatesFor({
      ...config,
      dataDir: dataDir.path,
      machineName: hostname().toLowerCase(),
      beforeCreating: () => requireListenable(host, config.port)
    }, [host, ...config.publicName], warn),
    requireSigningKey()
  ).catch(async (error: unknown) => {
    await services.agent.close()
    throw named(error, config)
  })
  const emulator = await assemble(setup, services, log, dataDir, {
    authority: { pem: ca, file: caFile },
    createPort: handler => createOnePort(handler, { ...certificates, ...portOptions(config, log) })
  })
  try {
    await emulator.app.listen({ host, port: config.port, backlog: BACKLOG, listenTextResolver: () => 'listening' })
  } catch (error) {
    await emulator.close()
    throw error
  }
  const { port } = emulator.app.server.address() as AddressInfo
  const authority = authorityOf(host, port)
  return { ...emulator, url: `https://${authority}`, httpUrl: `http://${authority}`, port, caFile, adminToken }
}

/** Cleans up after azruns that were killed. */
async function removeLeft ({ path, isTemporary }: DataDir, log: Logger): Promise<void> {
  await removeLeftovers(path, log)
  if (isTemporary) await removeAbandoned(log)
}

/** Waits for both, even if one fails: the other may still write to the data directory, which is then removed. */
async function bothEnded<One, Other> (one: Promise<One>, other: Promise<Other>): Promise<[One, Other]> {
  await Promise.allSettled([one, other])
  return await Promise.all([one, other])
}

/** Renames the option in an error to what the user has set. */
function named (error: unknown, { nameOf }: Config): unknown {
  if (!(error instanceof OptionError)) return error
  return new UsageError(`${nameOf(error.option as OptionKey).subject} ${error.predicate}`)
}

/** The parts that only an emulator with a port has. */
interface Listening {
  readonly authority: NonNullable<AdminOptions['authority']>
  createPort (handler: RequestListener): OnePort
}

async function assemble (setup: Setup, services: Services, log: Logger, dataDir: DataDir,
  listening?: Listening): Promise<Emulator> {
  const { agent, clock, events, journal, operations, subscriptions } = services
  let port: OnePort | undefined
  const app = createApp(services, {
    log,
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
    const { Reloader } = await import('./options/reload.js')
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
    virtualMachines: services.virtualMachines,
    scaleSets: services.scaleSets,
    machineStates: services.machineStates,
    scenarios: services.scenarios,
    reset: async (names = {}) => await services.reset(Scope.of(names)),
    issueToken: async (options = {}) =>
      await directToken({ ...services, tenantId: subscriptions.default.tenantId }, options),
    async close () {
      await app.close()
      report?.write()
    }
  }
}
