import { allowHostOf, createAllowed, isWeb, type Destination } from '../core/destinations.js'

/** `emulated`: azrun responds itself. `allowed`: azrun forwards to the host. */
export type Verdict = 'emulated' | 'allowed' | 'refused'

/**
 * Whether a destination is azrun itself: one of its names, with the port on which it listens or that of a load balancer
 * in front of it.
 */
export function isOwnBy (names: readonly string[], ownPort: number | undefined, { host, port }: Destination): boolean {
  return names.includes(host) && (port === ownPort || isWeb(port))
}

/**
 * Returns a function that decides about destinations; `isOwn` recognizes azrun itself. azrun forwards to an allowed
 * host even if it emulates that host, because the user asked for it.
 */
export function createVerdict (isEmulated: (host: string) => boolean, allowed: readonly string[],
  isOwn: (destination: Destination) => boolean = () => false): (destination: Destination) => Verdict {
  const isAllowed = createAllowed(allowed)
  return destination => {
    if (isAllowed(destination)) return 'allowed'
    if (isOwn(destination)) return 'emulated'
    return isEmulated(destination.host) && isWeb(destination.port) ? 'emulated' : 'refused'
  }
}

/** Why azrun does not forward to this destination, and what to do. */
export function refusalOf (destination: Destination): string {
  const target = allowHostOf(destination)
  const served = isWeb(destination.port) ? "Azure's hosts only" : "Azure's hosts only, on ports 80 and 443"
  return `azrun does not forward to ${target}: it serves ${served}. Use --allow-host ${target} to allow it`
}
