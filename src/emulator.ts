import type { AddressInfo } from 'node:net'
import { hostname } from 'node:os'
import Fastify, { type FastifyInstance, type FastifyServerFactory } from 'fastify'
import { pino, type Logger } from 'pino'
import { admin, type AdminOptions } from './admin/plugin.js'
import { ArmError, errorBody } from './arm/errors.js'
import { answerFailure, type FailureOptions } from './arm/failure.js'
import { ArmHeaders } from './arm/headers.js'
import { arm } from './arm/plugin.js'
import { repairUrl } from './arm/urls.js'
import { authorityOf, type Config } from './config.js'
import { systemClock, type Clock } from './core/clock.js'
import { emulatedHosts, IDENTITY_HEADER, quietHosts } from './core/clouds.js'
import { createIds } from './core/ids.js'
import { MemoryOperationStore } from './core/operation-store.js'
import { Operations } from './core/operations.js'
import { Subscriptions } from './core/subscriptions.js'
import { VirtualMachines } from './core/virtual-machines.js'
import { configFrom, executorFrom, type EmulatorOptions } from './emulator-options.js'
import { entra } from './entra/plugin.js'
import { Agent } from './guest/agent.js'
import { RunCommandDocuments } from './guest/documents.js'
import { RoleAssignments } from './identity/role-assignments.js'
import { ServicePrincipals } from './identity/service-principals.js'
import { makeSigningKey, readOrMakeSigningKey, type SigningKey } from './identity/signing-key.js'
import { Tokens } from './identity/tokens.js'
import { certificatesFor } from './listener/certificates.js'
import { createOnePort, type OnePort } from './listener/one-port.js'
import { readContract } from './openapi.js'
import { addGuard } from './plugins/guard.js'
import { addRequestLog } from './plugins/request-log.js'
import { version } from './version.js'

export interface Emulator {
  /** The Fastify app: `app.inject` sends a request without a port. */
  readonly app: FastifyInstance
  readonly clock: Clock
  readonly virtualMachines: VirtualMachines
  /** Cancels what runs, forgets every operation, and brings the virtual machines back to what was declared. */
  reset (): Promise<void>
  /** Ends what runs, then every connection. */
  close (): Promise<void>
}

export interface RunningEmulator extends Emulator {
  readonly url: string
  /** The same port without TLS. */
  readonly httpUrl: string
  readonly port: number
  /** The certificate to trust: NODE_EXTRA_CA_CERTS, or the `ca` of a TLS option. */
  readonly caFile: string
}

/** An emulator without a port, for `app.inject`. Rejects with a `UsageError` where an option is wrong. */
export async function createEmulator (options: EmulatorOptions = {}): Promise<Emulator> {
  const config = configFrom(options)
  return await assemble(options, config, loggerFrom(options, config))
}

/**
 * An emulator on a port, a free one unless `port` is given, for TLS and plain HTTP. Rejects with a `UsageError` where
 * an option is wrong, and with the system's error where it cannot listen.
 */
export async function startEmulator (options: EmulatorOptions = {}): Promise<RunningEmulator> {
  const config = configFrom(options)
  const log = loggerFrom(options, config)
  const { ca, caFile, ...certificates } = await certificatesFor(config, [config.host, hostname()])
  const proxy = {
    isEmulated: (host: string) => emulatedHosts.has(host),
    allowed: config.allowHost,
    onRefused: (reason: string, host = '') =>
      log[quietHosts.has(host) ? 'debug' : 'warn'](`a proxy request was refused: ${reason}`)
  }
  let onePort: OnePort | undefined
  const emulator = await assemble(options, config, log, {
    authority: { pem: ca, file: caFile },
    serverFactory: handler => {
      onePort = createOnePort(handler, { ...certificates, ...proxy, errorBody: bodyOfRefusal })
      return onePort.server
    },
    dropNewcomers: () => onePort?.dropNewcomers(),
    dropLaggards: () => onePort?.dropLaggards()
  })
  try {
    await emulator.app.listen({ host: config.host, port: config.port, listenTextResolver: () => 'listening' })
  } catch (error) {
    await emulator.close()
    throw error
  }
  const { port } = emulator.app.server.address() as AddressInfo
  const authority = authorityOf(config.host, port)
  return { ...emulator, url: `https://${authority}`, httpUrl: `http://${authority}`, port, caFile }
}

/** What an emulator with a port has beyond one without. */
interface Listening {
  readonly authority: NonNullable<AdminOptions['authority']>
  readonly serverFactory: FastifyServerFactory
  dropNewcomers (): void
  dropLaggards (): void
}

function loggerFrom ({ logger }: EmulatorOptions, { logLevel }: Config): Logger {
  return logger ?? pino({ level: logLevel }, pino.destination({ fd: 2, sync: true }))
}

async function assemble (options: EmulatorOptions, config: Config, log: Logger,
  listening?: Listening): Promise<Emulator> {
  const clock = options.clock ?? systemClock
  const virtualMachines = new VirtualMachines({ declared: config.virtualMachines, strict: config.strict })
  const subscriptions = new Subscriptions({ virtualMachines, declared: config.subscriptions, strict: config.strict })
  const newId = createIds()
  const operations = new Operations({ clock, store: new MemoryOperationStore(), newId })
  const agent = new Agent({ clock, executor: executorFrom(options, config, clock) })
  const documents = new RunCommandDocuments()
  const services = { agent, documents, operations, subscriptions, virtualMachines, settings: config }
  const signingKey = signingKeyOf(config, listening)
  const tokens = new Tokens({ clock, newId, signingKey, trusted: config.trustedKeys })
  const roleAssignments = new RoleAssignments(config.roleAssignments)
  const servicePrincipals = new ServicePrincipals({ declared: config.servicePrincipals })
  const contracts = { arm: readContract('arm.json'), entra: readContract('entra.json') }
  const published = { arm: contracts.arm.document, entra: contracts.entra.document }
  const headers = new ArmHeaders({ clock, newId, version })

  const app = createApp({ headers, log }, listening?.serverFactory)
  addGuard(app, [config.host, hostname(), ...emulatedHosts])
  addRequestLog(app, log)
  const { apiVersions, auth } = config
  const identity = { tokens, roleAssignments, clock }
  app.register(arm, { contract: contracts.arm, services, headers, log, apiVersions, auth, identity })
  const identityHeader = auth === 'strict' ? IDENTITY_HEADER : undefined
  const login = { tokens, servicePrincipals, subscriptions, clock, newId, log, identityHeader }
  app.register(entra, { contract: contracts.entra, services: login })
  app.register(admin, { prefix: '/_emulator', version, documents: published, authority: listening?.authority })
  const cancelAll = () => operations.cancelAll('azrun was stopped before the operation ended.')
  // Before the server closes: it waits for requests in flight, and those may wait for what runs.
  app.addHook('preClose', async () => {
    listening?.dropNewcomers()
    await cancelAll()
    listening?.dropLaggards()
  })
  // Again, for what a client started on its open connection meanwhile.
  app.addHook('onClose', async () => {
    await cancelAll()
    await agent.close()
  })
  await app.ready()

  return {
    app,
    clock,
    virtualMachines,
    async reset () {
      await operations.reset()
      virtualMachines.reset()
    },
    close: () => app.close()
  }
}

/** An emulator with a port keeps its key, so that clients may keep their tokens over a restart. */
function signingKeyOf ({ dataDir }: Config, listening?: Listening): () => Promise<SigningKey> {
  return listening === undefined ? makeSigningKey : () => readOrMakeSigningKey(dataDir)
}

function createApp (failureOptions: FailureOptions, serverFactory?: FastifyServerFactory): FastifyInstance {
  return Fastify({
    routerOptions: { caseSensitive: false, ignoreTrailingSlash: true, maxParamLength: 16_384 },
    rewriteUrl: request => repairUrl(request.url!),
    bodyLimit: 4 * 1024 * 1024,
    // Nobody reads Fastify's own ids: Azure's are in the answers.
    genReqId: () => '',
    exposeHeadRoutes: false,
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => answerFailure(error, request, reply, failureOptions),
    ...serverFactory && { serverFactory }
  })
}

/** What the port itself answers: to what is not HTTP, and to proxy requests that lead nowhere. */
function bodyOfRefusal (status: number, reason: string): string {
  const name = status === 403 ? 'ProxyRefused' : status === 502 ? 'ProxyUnreachable' : 'BadRequest'
  return errorBody(new ArmError(name, { reason }))
}
