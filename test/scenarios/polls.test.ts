import t from 'tap'
import type { Match, Scenario } from '../../src/kit/index.js'
import { callAdmin } from '../harness/admin.js'
import { send, start } from '../kit/start.js'

/** How many of a run command and its two polls match. The second number is for scenarios with only a `poll` effect. */
const ROWS: readonly (readonly [match: Match, requests: number, ofPollEffect: number])[] = [
  [{ script: 'df*' }, 1, 2],
  [{ commandId: 'RunShellScript' }, 1, 2],
  [{ parameters: { path: '/var' } }, 1, 2],
  [{ script: 'df*', operation: 'VirtualMachines_RunCommand' }, 1, 0],
  [{ script: 'df*', operation: 'Operations_Get' }, 2, 2],
  [{ script: 'df*', operation: '*' }, 3, 2],
  [{ script: 'uptime', operation: '*' }, 0, 0],
  [{ vmName: 'db-1' }, 3, 2],
  [{}, 3, 2]
]

t.test('a script, a command or parameters match only the run command itself, unless an operation is given', async t => {
  const azrun = await start(t)
  const world = azrun.subscription()
  const name = (index: number, kind: string) => `${kind} ${index}`
  // A scenario for the action alone cannot have an effect on polls.
  const scenarios = ROWS.flatMap(([match], index): Scenario[] => [
    { name: name(index, 'delay'), match, do: [{ delay: { ms: 0 } }] },
    ...match.operation === 'VirtualMachines_RunCommand' ? [] : [{ name: name(index, 'poll'), match, do: [{ poll: 'noStatus' as const }] }]
  ])
  for (const scenario of scenarios) {
    world.scenarios.add(scenario)
    const { name } = scenario
    const body = { ...scenario, name: `${name} over HTTP`, match: { ...scenario.match, subscriptionId: world.id } }
    t.match(await callAdmin(azrun, 'PUT', `/scenarios/${encodeURIComponent(body.name)}`, body), { status: 201 })
  }

  const target = { subscriptionId: world.id, vmName: 'db-1', prefer: 'respond-async' }
  const { headers } = await send(azrun, 'df -h', { ...target, parameters: [{ name: 'path', value: '/var' }] })
  const { pathname, search } = new URL(`${headers['azure-asyncoperation']}`)
  for (let count = 0; count < 2; count++) {
    await azrun.app.inject({ url: `${pathname}${search}`, headers: { authorization: 'Bearer any' } })
  }

  const states = world.scenarios.list()
  const matched = (name: string) => states.find(state => state.name === name)?.matched
  for (const [index, [match, requests, ofPollEffect]] of ROWS.entries()) {
    const what = JSON.stringify(match)
    const expectations = [{ match, times: `${requests}` }]
    const { parameters, ...filter } = match
    await t.resolves(world.verify(expectations), `${what} in the kit`)
    t.match(await callAdmin(azrun, 'POST', '/verify', { expectations }), { status: 200 }, `${what} over HTTP`)
    t.equal(world.requests.list(match).length, requests, `${what} in the journal`)
    if (parameters === undefined) {
      const query = new URLSearchParams(filter as Record<string, string>)
      t.match(await callAdmin(azrun, 'GET', `/requests?${query}`), { body: { total: requests } }, `${what} in the journal over HTTP`)
    }
    for (const surface of ['', ' over HTTP']) {
      t.equal(matched(`${name(index, 'delay')}${surface}`), requests, `${what} as a scenario${surface}`)
      t.equal(matched(`${name(index, 'poll')}${surface}`) ?? 0, ofPollEffect, `${what} as a scenario for polls${surface}`)
    }
  }
})

t.test('the nearest request to a script is the run command, not its poll', async t => {
  const azrun = await start(t)
  const world = azrun.subscription()
  const { headers } = await send(azrun, 'df -h', { subscriptionId: world.id, prefer: 'respond-async' })
  const { pathname, search } = new URL(`${headers['azure-asyncoperation']}`)
  await azrun.app.inject({ url: `${pathname}${search}`, headers: { authorization: 'Bearer any' } })
  const failed = await world.verify([{ match: { script: 'df /' } }]).catch((error: unknown) => error)
  t.match(failed, { failures: [{ nearest: [{ sequence: 1, differences: ["script: sent 'df -h', expected 'df /'"] }, { sequence: 2 }] }] })
})
