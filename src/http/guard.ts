import { isIP } from 'node:net'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { OwnPages } from './own-pages.js'

/** The error for a request that may come from another web page. */
export class RequestRefused extends Error {
  readonly statusCode = 403
  readonly code = 'RequestRefused'
  readonly header: string
  readonly value: string
  readonly rule: string

  constructor (header: string, value: string, rule: string) {
    super(`azrun refuses requests whose ${header} header is '${value}': ${rule}.`)
    this.header = header
    this.value = value
    this.rule = rule
  }
}

/**
 * Refuses requests of other web pages, so that they cannot run scripts: requests with an Origin, unless azrun's own
 * pages sent them, and requests with a foreign Host (a page can point its own name at 127.0.0.1). `hosts` are further
 * names to accept. Addresses are always accepted.
 */
export function addGuard (app: FastifyInstance, hosts: readonly string[], ownPages: OwnPages): void {
  const allowed = new Set(hosts.map(host => host.toLowerCase()))
  const known = new Set<string>()
  const isAllowed = (authority: string): boolean => {
    if (known.has(authority)) return true
    const name = hostName(authority)
    if (name === undefined || !(isLocal(name) || allowed.has(name))) return false
    if (known.size < 100) known.add(authority)
    return true
  }
  app.addHook('onRequest', (request, _reply, done) => done(refusal(request, isAllowed, ownPages)))
}

function refusal (request: FastifyRequest, isAllowed: (authority: string) => boolean,
  ownPages: OwnPages): RequestRefused | undefined {
  const { origin, host } = request.headers
  if (origin !== undefined && !ownPages.sent(request)) {
    return new RequestRefused('Origin', origin, 'it accepts requests of no web pages but its own')
  }
  if (host !== undefined && !isAllowed(host)) {
    return new RequestRefused('Host', host, "accepted hosts are localhost, IP addresses, this machine's name, --host " +
      `and --public-name${hint(hostName(host))}`)
  }
  return undefined
}

function hint (name: string | undefined): string {
  return name === undefined ? '' : `; if this is azrun's name, start azrun with --public-name ${name}`
}

/** The host in lower case, without the trailing dot of a fully qualified name. */
function hostName (authority: string): string | undefined {
  const [, bracketed, plain] = /^(?:\[([\da-f:.]+)\]|([^:/?#@[\]\s]+))(?::\d{1,5})?$/i.exec(authority) ?? []
  return (bracketed ?? plain)?.toLowerCase().replace(/\.$/, '')
}

function isLocal (name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost') || isIP(name) !== 0
}
