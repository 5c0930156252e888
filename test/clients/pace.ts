import { join } from 'node:path'
import type { Test } from 'tap'
import { commandOf, exec, extraEnvironment, outcomeOf, type Client } from './client.js'
import { TARGET } from './contract.js'

/** `AZRUN_TIMES=9` for the figures of docs/clients.md; a wait shows in fewer. */
const TIMES = Number(process.env['AZRUN_TIMES'] ?? 5)

/** How long a run takes in the machine, in milliseconds: nothing, and more than any client's first poll. */
const DELAYS = [0, 400]

/** No client falls into a wait of its own, of 1, 2, 10 or 30 s; prints the figures of docs/clients.md. */
export async function pace (t: Test, client: Client): Promise<void> {
  const dir = t.testdir()
  for (const delay of DELAYS) {
    t.test(`waits for nothing but the ${delay} ms that the operation takes`, async t => {
      const options = ['--data-dir', join(dir, 'data'), '--log-level', 'debug', '--delay', `${delay}`]
      const ended = await exec(dir, options, commandOf(client, [...TARGET, '--times', `${TIMES}`]), extraEnvironment(client, dir))
      const { error, milliseconds } = outcomeOf(ended)
      t.equal(error, undefined)
      t.equal(milliseconds.length, TIMES)
      // The first one logs in as well. A wait is in every run, but a busy machine is not: the fastest one tells.
      const [first, ...later] = milliseconds
      const fastest = Math.min(...later)
      t.ok(fastest < delay + client.bound, `${fastest} ms, which is less than ${delay + client.bound}`)
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
