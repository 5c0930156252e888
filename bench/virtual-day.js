import { createEmulator } from '../dist/index.js'
import { valueRow } from './report.js'
import { BODY, FIXTURE, HEADERS, runCommandPath } from './requests.js'

const DAY = 24 * 60 * 60_000
const MINUTE = 60_000

/** Run commands of one minute, spread over a day of virtual time. Several are in progress at any time. */
export async function measureVirtualDay ({ days, operations }) {
  const times = []
  for (let round = 0; round < days; round++) times.push(await secondsOfDay(operations))
  return [valueRow(`a day of virtual time with ${operations.toLocaleString('en')} run commands of one minute`, times, 's', '', 1)]
}

async function secondsOfDay (count) {
  const emulator = await createEmulator({ clock: 'virtual', delay: MINUTE, fixtures: [FIXTURE] })
  const started = performance.now()
  for (let number = 0; number < count; number++) {
    const { statusCode } = await emulator.app.inject({ method: 'POST', url: runCommandPath(`vm${number % 1000}`), headers: HEADERS, payload: BODY })
    if (statusCode !== 202) throw new Error(`azrun responded ${statusCode} to run command ${number}`)
    await emulator.clock.advance(DAY / count)
  }
  await emulator.clock.untilIdle()
  const seconds = (performance.now() - started) / 1000
  await emulator.close()
  return seconds
}
