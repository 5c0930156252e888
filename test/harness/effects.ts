import type { Emulator } from '../../src/index.js'
import type { Match } from '../../src/matching/match.js'
import type { Effect } from '../../src/scenarios/scenario.js'

/** Adds a scenario with these effects. Its name is unique, so that it does not replace another one. */
export async function affect ({ app }: Emulator, match: Match, ...effects: readonly Effect[]): Promise<void> {
  const name = `effect ${JSON.stringify(match)} ${JSON.stringify(effects)}`.slice(0, 100)
  const url = `/_emulator/scenarios/${encodeURIComponent(name)}`
  const { statusCode, body } = await app.inject({ method: 'PUT', url, payload: { name, match, do: effects } })
  if (statusCode > 201) throw new Error(body)
}
