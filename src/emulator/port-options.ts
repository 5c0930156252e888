import type { Logger } from 'pino'
import { ArmError, errorBody } from '../arm/errors/arm-error.js'
import { emulatedHosts, quietHosts } from '../core/clouds.js'
import type { OnePortOptions } from '../listener/one-port.js'
import { messages, type ErrorResponseEvent } from '../logging/events.js'
import type { Config } from '../options/config.js'

type PortOptions = Pick<OnePortOptions,
  'ownNames' | 'isEmulated' | 'allowed' | 'errorBody' | 'onRefused' | 'onMalformed'>

/** Says which hosts the port serves, and how it logs and responds to the requests that it refuses itself. */
export function portOptions ({ allowHost, publicName }: Config, log: Logger): PortOptions {
  return {
    ownNames: publicName,
    isEmulated: host => emulatedHosts.has(host),
    allowed: allowHost,
    errorBody: (status, reason) => errorBody(refusalOf(status, reason)),
    onRefused: (reason, host = '') =>
      log[quietHosts.has(host) ? 'debug' : 'warn'](`a proxy request was refused: ${reason}`),
    onMalformed (status, reason, { method, url } = {}) {
      const { code, message } = refusalOf(status, reason)
      const event: ErrorResponseEvent = { method, url, status, code, reason: message }
      log.info(event, messages.errorResponse)
    }
  }
}

/** The names of errors by their status. */
const NAMES: Readonly<Record<number, 'ProxyRefused' | 'NotImplemented' | 'ProxyUnreachable'>> =
  { 403: 'ProxyRefused', 501: 'NotImplemented', 502: 'ProxyUnreachable' }

/** The error for malformed HTTP, or for a proxy request to a host that azrun does not serve. */
function refusalOf (status: number, reason: string): ArmError {
  return new ArmError(NAMES[status] ?? 'BadRequest', { reason })
}
