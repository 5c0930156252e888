import type { Test } from 'tap'
import { commandOf, type Client } from '../client.js'
import { testNamedLogins } from '../named/logins.js'

/** Tests @azure/identity in scenarios of logins, with one release. */
export async function cases (t: Test, client: Client): Promise<void> {
  if (client.name !== 'js/25') return
  const [node, index, release] = commandOf(client, []) as [string, string, string]
  const program = index.replace(/index\.js$/, 'named.js')
  await testNamedLogins(t, 'identity', (url, name) => [node, program, release, '--explicit', url, name])
}
