import type { FastifyReply, FastifyRequest } from 'fastify'
import { isSameSecret } from '../core/secrets.js'
import type { OwnPages } from '../http/own-pages.js'
import { AdminError } from './errors.js'

/**
 * Throws for a request to the API without its token. azrun's own pages need none in a browser on this machine.
 * Elsewhere they do, because everyone who can reach azrun can load such a page and send the same requests.
 */
export function requireToken (request: FastifyRequest, reply: FastifyReply, token: string, ownPages: OwnPages): void {
  const { authorization } = request.headers
  const [, sent] = /^Bearer +(\S+) *$/i.exec(authorization ?? '') ?? []
  if (sent !== undefined && isSameSecret(token, sent)) return
  if (isLocal(request) && ownPages.sent(request)) return
  reply.header('WWW-Authenticate', `Bearer realm="azrun"${sent === undefined ? '' : ', error="invalid_token"'}`)
  throw new AdminError(401, 'this azrun requires its admin token here: send the header Authorization: Bearer TOKEN, with ' +
    'the token of --admin-token, or the one that azrun printed at its start')
}

/** Whether a request comes from this machine. The system gives the remote address in its shortest form. */
function isLocal ({ socket: { remoteAddress = '' } }: FastifyRequest): boolean {
  return /^(?:(?:::ffff:)?127\.[\d.]+|::1)$/.test(remoteAddress)
}
