import { matchers, startEmulator, NotVerified } from 'azrun/test'
import type { AzrunMatchers, JournalEntry, Scenario, ScenarioState, TestCredential, TestEmulator, TestSubscription } from 'azrun/test'

const busy: Scenario = { name: 'busy', match: { vmName: 'db-1' }, calls: '1-2', do: [{ error: { code: 'Conflict' } }] }

async function verified (emulator: TestEmulator): Promise<string> {
  const world: TestSubscription = emulator.subscription()
  world.scenarios.add(busy)
  const states: ScenarioState[] = world.scenarios.list()
  const credential: TestCredential = emulator.credential()
  const { token } = await credential.getToken()
  const { endpoint, tlsOptions: { ca } } = emulator.clientOptions()
  const entries: JournalEntry[] = world.requests.list({ script: 'df*' })
  const { pass } = await matchers.toHaveReceived(world, { script: 'df*' }, { times: '1' })
  const failed = await world.verify([{ match: { script: 'df*' } }]).catch((error: unknown) => error instanceof NotVerified)
  return [states.length, entries.length, typeof token, endpoint.slice(0, 5), ca.slice(0, 5), pass, failed].join(' ')
}

export type Expect = AzrunMatchers<void>

// @ts-expect-error: an effect that there is not
export const wrong: Scenario = { name: 'a', do: [{ explode: true }] }

await using azrun = await startEmulator({ executor: 'fixture', clock: 'virtual', dataDir: 'kit-data' })
await azrun.clock.advance('90m')
console.log(await verified(azrun))
