import { isIP } from 'node:net'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { OwnPages } from './own-pages.js'

/** A request that a web page may have made a browser send. */
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
 * Refuses requests of web pages, so that a page cannot run a script: requests with an Origin, unless azrun's own pages
 * sent them, and requests for a host name that is not this machine's (a page can point a name of its own at 127.0.0.1).
 * `hosts` are further names to accept; addresses are always accepted.
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
    return new RequestRefused('Origin', origin, 'requests from web pages are not accepted')
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

/** In lower case, and without the dot with which a name may end that is not searched for in other domains. */
function hostName (authority: string): string | undefined {
  const [, bracketed, plain] = /^(?:\[([\da-f:.]+)\]|([^:/?#@[\]\s]+))(?::\d{1,5})?$/i.exec(authority) ?? []
  return (bracketed ?? plain)?.toLowerCase().replace(/\.$/, '')
}

function isLocal (name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost') || isIP(name) !== 0
}
