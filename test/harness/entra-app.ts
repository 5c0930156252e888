import { randomUUID } from 'node:crypto'
import Fastify, { type FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import { document } from '../../src/entra/contract.js'
import type { Services } from '../../src/entra/handler-types.js'
import { entra } from '../../src/entra/plugin.js'
import { contractOf } from '../../src/http/openapi.js'
import { addOperations } from '../../src/http/operations.js'
import { addRecorder } from '../../src/http/recorder.js'
import { addTraceHeaders } from '../../src/http/trace-headers.js'
import { WaitingRequests } from '../../src/http/waiting-requests.js'
import { ManagedIdentities } from '../../src/identity/managed-identities.js'
import { ServicePrincipals } from '../../src/identity/service-principals.js'
import { createSigningKey } from '../../src/identity/signing-key.js'
import { Tokens } from '../../src/identity/tokens.js'
import { Users } from '../../src/identity/users.js'
import { Journal } from '../../src/journal/journal.js'
import { DeclaredGroups } from '../../src/resources/declared-groups.js'
import { Subscriptions, type SubscriptionDeclaration } from '../../src/resources/subscriptions.js'
import { Scenarios } from '../../src/scenarios/scenarios.js'
import { systemClock } from '../../src/time/clock.js'

export const TENANT = '3f6a2f14-6f5c-4f6e-9a3f-2b6f6f1d8a10'
export const CLIENT = '7f0b7c4e-1111-4b6f-8f39-0a5d6a3c9f01'
export const DEFAULT_TENANT = '00000000-0000-4000-8000-617a72756e00'
export const RESOURCE = 'https://management.azure.com/'

export interface EntraAppOptions extends Partial<Services> {
  readonly declared?: readonly SubscriptionDeclaration[]
  readonly strict?: boolean
}

export interface EntraApp {
  readonly app: FastifyInstance
  readonly tokens: Tokens
}

/** Builds the Entra surface alone. A test can replace its services. */
export async function buildEntra (t: Test, { declared, strict, ...services }: EntraAppOptions = {}): Promise<EntraApp> {
  const clock = services.clock ?? systemClock
  const tokens = services.tokens ?? new Tokens({ clock, newId: randomUUID, signingKey: createSigningKey })
  const servicePrincipals = services.servicePrincipals ?? new ServicePrincipals()
  const subscriptions = new Subscriptions({ groups: new DeclaredGroups(), declared, strict })
  const app = Fastify()
  addOperations(app, '_emulator')
  const journal = new Journal()
  addRecorder(app, { clock, journal })
  addTraceHeaders(app, { journal, traceHeaders: false, countFindings: () => 0 })
  app.register(entra, {
    contract: contractOf(document),
    services: {
      tokens,
      servicePrincipals,
      managedIdentities: new ManagedIdentities({ subscriptions, servicePrincipals }),
      users: new Users(),
      subscriptions,
      clock,
      newId: randomUUID,
      scenarios: new Scenarios(),
      waitingRequests: new WaitingRequests(),
      log: { error () {}, info () {}, warn () {} },
      ...services
    }
  })
  t.teardown(() => app.close())
  await app.ready()
  return { app, tokens }
}

/** Sends a form, by default to the host name of Entra. */
export async function post ({ app }: EntraApp, url: string, form: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {}) {
  return await app.inject({
    method: 'POST',
    url,
    headers: { host: 'login.microsoftonline.com', 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload: new URLSearchParams(form).toString()
  })
}

export async function get ({ app }: EntraApp, url: string, headers: Readonly<Record<string, string>> = {}) {
  return await app.inject({ method: 'GET', url, headers: { host: 'login.microsoftonline.com', ...headers } })
}
