import type { Test } from 'tap'
import { commandOf, run, type Client } from '../client.js'
import { testNamedLogins } from '../named/logins.js'
import { testNamedScenarios } from '../named/seen.js'
import { startForClient } from '../own-azrun.js'

/** The release of test/clients/named/python.json. */
const RELEASE = 'python/39'

/** The timeout of all scenarios together, in seconds. */
const TIMEOUT = '120'

export async function cases (t: Test, client: Client): Promise<void> {
  if (client.name !== RELEASE) return
  t.test('the asynchronous clients run commands on several machines at once', async t => {
    const { env } = await startForClient(t)
    const { stdout, stderr } = await run(programOf(client, 'aio.py'), env)
    const messages = ['one', 'two', 'three'].map(vm => `Enable succeeded: \n[stdout]\nfrom ${vm}\n\n[stderr]\n`)
    t.strictSame(JSON.parse(stdout), messages, { stderr })
  })

  t.test('each named scenario has the result of the table', async t => {
    await testNamedScenarios(t, 'python', [...programOf(client, 'named.py'), '--timeout', TIMEOUT])
  })

  t.test('each named scenario of logins has the result of the table', async t => {
    await testNamedLogins(t, 'python-identity', (url, name) =>
      [...programOf(client, 'named.py'), '--timeout', TIMEOUT, '--explicit', url, '--login', name])
  })
}

/** The command of another program of this client. */
function programOf (client: Client, file: string): string[] {
  return commandOf(client, []).map(word => word.replace(/main\.py$/, file))
}
