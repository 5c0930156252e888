import type { Test } from 'tap'
import { commandOf, type Client } from '../client.js'
import { testNamedLogins } from '../named/logins.js'
import { testNamedScenarios } from '../named/seen.js'

/** The release of test/clients/named/go.json. */
const RELEASE = 'go/v8.4'

/** The timeout of all named scenarios together, in seconds. */
const TIMEOUT = '120'

export async function cases (t: Test, client: Client): Promise<void> {
  if (client.name !== RELEASE) return
  t.test('each named scenario has the result of the table', async t => {
    await testNamedScenarios(t, 'go', commandOf(client, ['named', '--timeout', TIMEOUT]))
  })

  t.test('each named scenario of logins has the result of the table', async t => {
    await testNamedLogins(t, 'go-identity', (url, name) => commandOf(client, ['named', '--login', url, name]))
  })
}
