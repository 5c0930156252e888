import type { Test } from 'tap'
import { commandOf, type Client } from '../client.js'
import { testNamedLogins } from '../named/logins.js'
import { testNamedScenarios } from '../named/seen.js'

/** The release of test/clients/named/java.json. */
const RELEASE = 'java/2.55'

/** The timeout of all named scenarios together, in seconds. The JVM needs much of it while other clients run. */
const TIMEOUT = '120'

export async function cases (t: Test, client: Client): Promise<void> {
  if (client.name !== RELEASE) return
  t.test('each named scenario has the result of the table', async t => {
    await testNamedScenarios(t, 'java', [...programOf(client), '--timeout', TIMEOUT])
  })

  t.test('each named scenario of logins has the result of the table', async t => {
    await testNamedLogins(t, 'java-identity', (url, name) => [...programOf(client), '--login', url, name])
  })
}

/** The command of the class Named. */
function programOf (client: Client): string[] {
  return commandOf(client, []).flatMap(word => word === '-jar' ? ['-cp'] : word.endsWith('.jar') ? [word, 'Named'] : [word])
}
