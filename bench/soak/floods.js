import { setTimeout as sleep } from 'node:timers/promises'
import { LoadGenerator } from '../load-generator.js'

const REQUESTS = 3_000
const INTERVAL = 15_000

/** Opens many connections at regular intervals, and sends logins as fast as possible. */
export async function flood ({ target, until, counts, problems }) {
  const load = new LoadGenerator()
  try {
    while (Date.now() < until && target.isAlive) {
      try {
        await load.send({ port: target.ready.port, kind: 'token', requests: REQUESTS })
      } catch (error) {
        problems.push(`a flood: ${error.message}`)
      }
      counts.floods++
      await sleep(Math.max(0, Math.min(INTERVAL, until - Date.now())))
    }
  } finally {
    await load.stop()
  }
}
