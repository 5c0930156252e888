import type { Test } from 'tap'
import { commandOf, type Client } from '../client.js'
import { logsInAsTheTableHas } from '../named/logins.js'
import { seesWhatTheTableHas } from '../named/seen.js'

/** The release whose users' view test/clients/named/python.json has. */
const RELEASE = 'python/39'

/** Seconds for all scenarios together. */
const TIMEOUT = 40

export async function cases (t: Test, client: Client): Promise<void> {
  if (client.name !== RELEASE) return
  t.test('a user sees of each named scenario what the table has', async t => {
    await seesWhatTheTableHas(t, client, TIMEOUT)
  })

  t.test('a user who logs in amid a named scenario sees what the table has', async t => {
    const [python, main] = commandOf(client, []) as [string, string]
    const program = main.replace(/main\.py$/, 'named.py')
    await logsInAsTheTableHas(t, 'python-identity', (url, name) =>
      [python, program, '--explicit', url, '--timeout', `${TIMEOUT}`, '--login', name])
  })
}
