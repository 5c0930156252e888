import { fileURLToPath } from 'node:url'

/** The environment of a Node process for which a name, for example of a service, has this address. */
export function resolving (name: string, address: string): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: `--import=${fileURLToPath(new URL('resolve.mjs', import.meta.url))}`, TEST_HOSTS: `${name}=${address}` }
}
