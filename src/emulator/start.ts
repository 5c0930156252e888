import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { hostname } from 'node:os'
import type { Logger } from 'pino'
import { certificatesFor, type Certificates } from '../certificates/certificates.js'
import { OptionError, UsageError } from '../core/usage-error.js'
import { createWarnOnce } from '../core/warn-once.js'
import { cleanUp, findDataDir, openDataDir, orRemove, type DataDir } from '../data-dir/data-dir.js'
import { createSigningKey, hasSigningKey, loadOrCreateSigningKey } from '../identity/signing-key.js'
import type { Tokens } from '../identity/tokens.js'
import { requireListenable, requireNodeServer } from '../listener/listening-check.js'
import { createOnePort } from '../listener/one-port.js'
import { createLogger } from '../logging/logger.js'
import { authorityOf, type Config } from '../options/config.js'
import { setupFrom, type EmulatorOptions, type VirtualClockOptions } from '../options/emulator-options.js'
import { isLoopback } from '../options/host.js'
import type { Setup } from '../options/setup.js'
import { tellOption } from '../options/tell-option.js'
import { assemble } from './assemble.js'
import { createServices } from './create-services.js'
import type { Emulator, RunningEmulator, WholeEmulator, WithVirtualClock } from './emulator.js'
import { portOptions } from './port-options.js'

/**
 * The most connections that wait to be accepted. The system has its own limit, on Linux 4096. With Node's default of
 * 511, Linux resets some connections if many clients connect at a time.
 */
const BACKLOG = 65_535

/**
 * Creates an emulator without a port, for `app.inject`. Options of a port, such as `cert`, have no effect. Rejects
 * with a `UsageError` if an option is wrong.
 */
export async function createEmulator (options: VirtualClockOptions): Promise<WithVirtualClock<Emulator>>
export async function createEmulator (options?: EmulatorOptions): Promise<Emulator>
export async function createEmulator (options: EmulatorOptions = {}): Promise<Emulator> {
  const setup = await setupFrom(options)
  const { config, parts: { logger: log = createLogger(config) } } = setup
  const dataDir = findDataDir(config)
  return await orRemove(dataDir, async () => {
    const services = createServices({ setup, dataDir: dataDir.path, log, signingKey: createSigningKey })
    await cleanUp(dataDir, log)
    return await assemble({ setup, services, dataDir })
  })
}

/**
 * Starts an emulator on a port, by default a free one, for TLS and plain HTTP. Rejects with a `UsageError` if an option
 * is wrong, and with the system's error if it cannot listen.
 */
export async function startEmulator (options: VirtualClockOptions): Promise<WithVirtualClock<RunningEmulator>>
export async function startEmulator (options?: EmulatorOptions): Promise<RunningEmulator>
export async function startEmulator (options: EmulatorOptions = {}): Promise<RunningEmulator> {
  return await startFrom(await setupFrom(options))
}

/** Starts an emulator from options that are already read and checked. */
export async function startFrom (setup: Setup): Promise<RunningEmulator & WholeEmulator> {
  requireNodeServer()
  const { config, parts: { logger: log = createLogger(config) } } = setup
  const dataDir = openDataDir(config, message => log.warn(message))
  return await orRemove(dataDir, async () => await listen(setup, log, dataDir))
}

async function listen (setup: Setup, log: Logger, dataDir: DataDir): Promise<RunningEmulator & WholeEmulator> {
  const { config } = setup
  const { host } = config
  const warnOnce = createWarnOnce(log)
  // The start and the first use of a file may both find the same fault.
  const warn = (message: string) => warnOnce(message, () => message)
  // The key is stored, so that the tokens of clients stay valid after a restart.
  const signingKey = () => loadOrCreateSigningKey(dataDir.path, warn)
  const adminToken = config.adminToken ?? (isLoopback(host) ? undefined : randomBytes(32).toString('base64url'))
  const services = createServices({
    setup: { ...setup, config: { ...config, adminToken } }, dataDir: dataDir.path, log, signingKey
  })
  await cleanUp(dataDir, log)
  const { ca, caFile, ...certificates } = await prepareKeys(setup, dataDir, services.tokens, warn)
    .catch(async (error: unknown) => {
      await services.agent.close()
      throw named(error, config)
    })
  const emulator = await assemble({
    setup,
    services,
    dataDir,
    listening: {
      authority: { pem: ca, file: caFile },
      createPort: handler => createOnePort(handler, { ...certificates, ...portOptions(config, log) })
    }
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

/** Loads or creates the certificates and the signing key: an unusable key is reported now, and not at each login. */
async function prepareKeys ({ config, ownCertificate: own }: Setup, dataDir: DataDir, tokens: Tokens,
  warn: (message: string) => void): Promise<Certificates> {
  const { host, port, publicName } = config
  const requireSigningKey = async () => { if (!hasSigningKey(dataDir.path, warn)) await tokens.publicKeys() }
  const options = {
    dataDir: dataDir.path,
    own,
    machineName: hostname().toLowerCase(),
    beforeCreating: () => requireListenable(host, port)
  }
  const [certificates] = await bothEnded(certificatesFor(options, [host, ...publicName], warn), requireSigningKey())
  return certificates
}

/** Waits for both, even if one fails: the other may still write to the data directory, which is then removed. */
async function bothEnded<One, Other> (one: Promise<One>, other: Promise<Other>): Promise<[One, Other]> {
  await Promise.allSettled([one, other])
  return await Promise.all([one, other])
}

/** Renames the option in an error to what the user has set. */
function named (error: unknown, config: Config): unknown {
  return error instanceof OptionError ? new UsageError(tellOption(error, config)) : error
}
