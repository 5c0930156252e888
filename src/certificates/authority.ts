import { emulatedHosts } from '../core/clouds.js'
import { loadOrCreate, type Found } from '../files/load-or-create.js'
import type { KeyPair } from './key-pair.js'
import { permits, readNameConstraints } from './name-constraints.js'
import { certificateOf, readPair, writePair } from './stored-pair.js'

/** The names that every CA may sign for: a stolen key is useless for other hosts. */
const ALWAYS = [...emulatedHosts, 'localhost', '127.0.0.0/8', '::1']

/** Names that every CA permits. Skipping their check saves Node from loading more at each start. */
export const LOOPBACK = ['localhost', '127.0.0.1', '::1']

/** The most names of earlier starts that a new CA keeps. */
const MAX_KEPT = 20

export interface Authority extends KeyPair {
  /** The hosts and subnets that its certificates may have. */
  readonly permitted: readonly string[]
}

export interface AuthorityOptions {
  /** The names that it must permit, in addition to the hosts that azrun emulates and loopback. */
  readonly required: readonly string[]
  /** The names that a new CA also permits. They are no reason to replace one. */
  readonly desired: readonly string[]
  /** Called before a CA is created; if it rejects, nothing is stored. */
  beforeCreating (): Promise<void>
  /** Called with messages for the user. */
  warn (message: string): void
}

/**
 * The CA of a directory. Replaces a CA that is not limited, or does not permit all required names; clients must trust
 * the new one. It keeps the names of the old one, so that emulators that share a directory do not replace each other's.
 */
export async function loadOrCreateAuthority (directory: string,
  { required, desired, beforeCreating, warn }: AuthorityOptions): Promise<Authority> {
  const beyond = (names: readonly string[]) => names.filter(name => !(LOOPBACK.includes(name) || permits(ALWAYS, name)))
  const needed = [...ALWAYS, ...beyond(required)]
  const wanted = [...new Set([...needed, ...beyond(desired)])]
  let kept: readonly string[] = []
  return await loadOrCreate<Authority>(directory, {
    read (directory) {
      const found = readAuthority(directory, warn)
      if (found === undefined || 'unusable' in found) return found
      const { permitted } = found.value
      const missing = needed.find(name => !(permitted.includes(name) || permits(permitted, name)))
      if (missing === undefined) return found
      kept = permitted.filter(name => !wanted.includes(name)).slice(0, MAX_KEPT)
      return { unusable: `did not permit ${missing}` }
    },
    async make () {
      await beforeCreating()
      const permitted = [...wanted, ...kept]
      return { ...await (await import('./x509.js')).createAuthority(permitted), permitted }
    },
    write: writePair,
    replaced: why => warn(`the CA in ${directory} ${why}; azrun has replaced it, and clients must trust the new one`)
  })
}

function readAuthority (directory: string, warn: (message: string) => void): Found<Authority> | undefined {
  const found = readPair(directory, warn)
  if (found === undefined || 'unusable' in found) return found
  const permitted = readNameConstraints(certificateOf(found.value).raw)
  if (permitted === undefined) return { unusable: 'was not limited to the hosts that azrun uses it for' }
  return { value: { ...found.value, permitted } }
}
