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
import { removeAbandoned } from './options/temporary-data-dir.js'
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
  /** What clients have sent. */
  readonly journal: Journal
  /** The virtual machines. Declarations that are put there are not checked, nor are those of scale sets. */
  readonly virtualMachines: VirtualMachines
  readonly scaleSets: ScaleSets
  /** How the machines are now, declared or not. */
  readonly machineStates: MachineStates
  /** The scenarios that are active. Values that are put there are not checked. */
  readonly scenarios: Scenarios
  /**
   * Cancels what runs, forgets all state, and brings the virtual machines back to what was declared: everywhere, or
   * only in a subscription, a resource group of one, or one machine. Scenarios go with their subscription. Rejects with
   * a `UsageError` for a resource group without its subscription, and for a machine without its resource group.
   */
  reset (scope?: ScopeNames): Promise<Dropped>
  /** A bearer token that `auth: 'strict'` accepts, too, without a login. */
  issueToken (options?: DirectTokenOptions): Promise<string>
  /** Cancels what runs, then closes every connection. */
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
   * What the API for tests requires: the option's, else a random one where `host` is not loopback; undefined if it
   * requires none.
   */
  readonly adminToken?: string
}

/** What the name of a virtual clock makes, beside an emulator. */
type WithVirtualClock<Made extends Emulator> = Made & { readonly clock: VirtualClock }
type VirtualOptions = EmulatorOptions & { readonly clock: 'virtual' }

/** An emulator without a port, for `app.inject`. Rejects with a `UsageError` where an option is wrong. */
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
 * Connections that may wait until they are accepted; the system has a limit of its own, on Linux 4096. With Node's
 * default of 511, Linux resets some clients of many that come at once.
 */
const BACKLOG = 65_535

/**
 * An emulator on a port, a free one unless `port` is given, for TLS and plain HTTP. Rejects with a `UsageError` where
 * an option is wrong, and with the system's error where it cannot listen.
 */
export async function startEmulator (options: VirtualOptions): Promise<WithVirtualClock<RunningEmulator>>
export async function startEmulator (options?: EmulatorOptions): Promise<RunningEmulator>
export async function startEmulator (options: EmulatorOptions = {}): Promise<RunningEmulator> {
  return await startFrom(await setupFrom(options))
}

/** The same from options that are read and checked. */
export async function startFrom (setup: Setup): Promise<RunningEmulator> {
  const { config, parts: { logger: log = createLogger(config) } } = setup
  const dataDir = openDataDir(config, message => log.warn(message))
  return await orRemove(dataDir, async () => await listen(setup, log, dataDir))
}

async function listen (setup: Setup, log: Logger, dataDir: DataDir): Promise<RunningEmulator> {
  const { config } = setup
  const { host } = config
  const warn = (message: string) => log.warn(message)
  // Kept with the port, so that clients may keep their tokens over a restart.
  const signingKey = () => loadOrCreateSigningKey(dataDir.path, warn)
  const adminToken = config.adminToken ?? (isLoopback(host) ? undefined : randomBytes(32).toString('base64url'))
  const services = createServices({ ...setup, config: { ...config, adminToken } }, dataDir.path, log, signingKey)
  // A key that cannot be read or made shows now rather than at each login.
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

/** Removes what azruns that were killed have left. */
async function removeLeft ({ path, isTemporary }: DataDir, log: Logger): Promise<void> {
  await removeLeftovers(path, log)
  if (isTemporary) await removeAbandoned(log)
}

/** Both values. If one fails, the other has ended too: it writes to the data directory, which may be removed then. */
async function bothEnded<One, Other> (one: Promise<One>, other: Promise<Other>): Promise<[One, Other]> {
  await Promise.allSettled([one, other])
  return await Promise.all([one, other])
}

/** The error of an option under the name that the user knows it by. */
function named (error: unknown, { nameOf }: Config): unknown {
  if (!(error instanceof OptionError)) return error
  return new UsageError(`${nameOf(error.option as OptionKey).subject} ${error.predicate}`)
}

/** What only an emulator with a port has. */
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
  // Before the server closes: it waits for requests in flight, and those may wait for operations.
  app.addHook('preClose', async () => {
    port?.closePendingConnections()
    journal.close()
    events.close()
    await cancelAll()
    port?.closeLingeringConnections()
  })
  // Again, for operations that clients have started meanwhile on open connections.
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
