import { X509Certificate } from 'node:crypto'
import { emulatedHosts } from '../core/clouds.js'
import { loadOrCreate } from '../files/load-or-create.js'
import { permits, readNameConstraints } from './name-constraints.js'
import { readPair, writePair } from './stored-pair.js'
import type { KeyPair } from './x509.js'

/** What each CA may sign for: a stolen key is of no use for any other host. */
const ALWAYS = [...emulatedHosts, 'localhost', '127.0.0.0/8', '::1']

/** How many names of earlier starts a new CA keeps: a container may have another host name at each start. */
const MAX_KEPT = 20

/**
 * The CA of a directory, for these names, the hosts that azrun emulates and loopback. One that does not permit them
 * all, or is not limited, is replaced by one that permits its names as well: emulators that share a directory do not
 * take turns. `warn` is told, as clients must trust the new one.
 */
export async function loadOrCreateAuthority (directory: string, names: readonly string[],
  warn: (message: string) => void): Promise<KeyPair> {
  const needed = [...ALWAYS, ...names.filter(name => !permits(ALWAYS, name))]
  let kept: readonly string[] = []
  return await loadOrCreate(directory, {
    async read (directory) {
      const found = await readPair(directory, warn)
      if (found === undefined || 'unusable' in found) return found
      const permitted = readNameConstraints(new X509Certificate(found.value.cert).raw)
      if (permitted === undefined) return { unusable: 'was not limited to the hosts that azrun uses it for' }
      const missing = needed.find(name => !(permitted.includes(name) || permits(permitted, name)))
      if (missing === undefined) return found
      kept = permitted.filter(name => !needed.includes(name)).slice(0, MAX_KEPT)
      return { unusable: `did not permit ${missing}` }
    },
    make: async () => (await import('./x509.js')).createAuthority([...needed, ...kept]),
    write: writePair,
    replaced: why => warn(`the CA in ${directory} ${why}; azrun has replaced it, and clients must trust the new one`)
  })
}
