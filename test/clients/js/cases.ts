import type { Test } from 'tap'
import { commandOf, type Client } from '../client.js'
import { logsInAsTheTableHas } from '../named/logins.js'

/** What @azure/identity makes of scenarios of logins: one release of it suffices. */
export async function cases (t: Test, client: Client): Promise<void> {
  if (client.name !== 'js/25') return
  const [node, index, release] = commandOf(client, []) as [string, string, string]
  const program = index.replace(/index\.js$/, 'named.js')
  await logsInAsTheTableHas(t, 'identity', (url, name) => [node, program, release, '--explicit', url, name])
}
