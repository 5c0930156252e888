import { join } from 'node:path'
import type { Test } from 'tap'
import { commandOf, exec, extraEnvironment, outcomeOf, type Client } from './client.js'
import { TARGET } from './contract.js'

/** `AZRUN_TIMES=9` measures the figures of docs/clients.md. Fewer runs suffice to show a wait. */
const TIMES = Number(process.env['AZRUN_TIMES'] ?? 5)

/** The durations of a script in milliseconds. The second one lasts beyond any client's first poll. */
const DELAYS = [0, 400]

/** Checks that the client never waits by itself, for 1, 2, 10 or 30 s. Prints the figures of docs/clients.md. */
export async function pace (t: Test, client: Client): Promise<void> {
  const dir = t.testdir()
  for (const delay of DELAYS) {
    t.test(`waits only for the ${delay} ms of the operation`, async t => {
      const options = ['--data-dir', join(dir, 'data'), '--log-level', 'debug', '--delay', `${delay}`]
      const ended = await exec(dir, options, commandOf(client, [...TARGET, '--times', `${TIMES}`]), extraEnvironment(client, dir))
      const { error, milliseconds } = outcomeOf(ended)
      t.equal(error, undefined)
      t.equal(milliseconds.length, TIMES)
      // The first run includes the login. A wait slows every run, a busy machine only some, so the fastest one counts.
      const [first, ...later] = milliseconds
      const fastest = Math.min(...later)
      t.ok(fastest < delay + client.bound, `${fastest} ms, with a limit of ${delay + client.bound} ms`)
      t.comment(`${client.name} ${Object.entries(client.versions).map(each => each.join(' ')).join(', ')}; delay ${delay} ms: ` +
        `first ${first} ms, then median ${medianOf(later)} ms of ${later.join(' ')}; ${lastConversation(ended.stderr)}`)
    })
  }
}

function medianOf (values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}

/** The requests of the last run, from azrun's log. */
function lastConversation (log: string): string {
  const requests = log.split('\n').filter(line => line.startsWith('{')).map(line => JSON.parse(line))
    .filter(({ msg }) => msg === 'request')
  const post = requests.findLastIndex(({ method, url }) => method === 'POST' && /\/runCommand\?/i.test(url))
  return requests.slice(post).map(({ method, url, status }) => `${method} ${nameOf(url)} ${status}`).join(', ')
}

function nameOf (url: string): string {
  if (/\/runCommand\?/i.test(url)) return 'runCommand'
  return /[?&]monitor=true/i.test(url) ? 'Location' : 'Azure-AsyncOperation'
}
