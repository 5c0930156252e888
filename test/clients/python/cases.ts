import type { Test } from 'tap'
import { commandOf, type Client } from '../client.js'
import { testNamedLogins } from '../named/logins.js'
import { testNamedScenarios } from '../named/seen.js'

/** The release of test/clients/named/python.json. */
const RELEASE = 'python/39'

/** The timeout of all scenarios together, in seconds. */
const TIMEOUT = 40

export async function cases (t: Test, client: Client): Promise<void> {
  if (client.name !== RELEASE) return
  t.test('each named scenario has the result of the table', async t => {
    await testNamedScenarios(t, client, TIMEOUT)
  })

  t.test('each named scenario of logins has the result of the table', async t => {
    const [python, main] = commandOf(client, []) as [string, string]
    const program = main.replace(/main\.py$/, 'named.py')
    await testNamedLogins(t, 'python-identity', (url, name) =>
      [python, program, '--explicit', url, '--timeout', `${TIMEOUT}`, '--login', name])
  })
}
