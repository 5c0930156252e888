import t from 'tap'
import type { Call } from '../../src/matching/match.js'
import { scenarioMistakes } from '../../src/options/scenario-check.js'
import type { ScenarioMatch } from '../../src/scenarios/listeners.js'
import type { Effect, Scenario } from '../../src/scenarios/scenario.js'
import { Scenarios } from '../../src/scenarios/scenarios.js'
import { UnknownScenario } from '../../src/scenarios/unknown-scenario.js'
import { ScenarioNotDone } from '../../src/scenarios/wait.js'
import { matchList } from '../harness/match-list.js'

const CALL: Call = { operation: 'VirtualMachines_RunCommand', subscriptionId: 'one', vmName: 'db-1', method: 'POST', path: '/x', headers: {} }
const POLL: Call = { ...CALL, operation: 'Operations_Get', method: 'GET' }

const slow = (ms: number, rest: Partial<Scenario> = {}): Scenario => ({ name: `slow-${ms}`, do: [{ delay: { ms } }], ...rest })

function withAll (...configured: Scenario[]): Scenarios {
  return new Scenarios({ configured })
}

/** The effects on a call that may name a scenario. */
function effectsFor (scenarios: Scenarios, call: Call, name?: string) {
  return scenarios.effectsOf(call, name === undefined ? undefined : scenarios.preferred(name, call.subscriptionId))
}

t.test('an effect of no kind or of two is refused, and has no type', async t => {
  // @ts-expect-error It has two kinds.
  const both: Effect = { delay: { ms: 1 }, socket: 'reset' }
  // @ts-expect-error It has no kind.
  const none: Effect = {}
  for (const effect of [both, none]) t.equal(scenarioMistakes({ name: 'mine', do: [effect] }).length, 1)
})

t.test('for each kind of effect the first scenario that has it applies', async t => {
  const scenarios = withAll(
    slow(1, { match: { vmName: 'other' } }),
    { name: 'busy', do: [{ error: { code: 'Conflict' } }] },
    { name: 'both', do: [{ error: { code: 'NotFound' } }, { delay: { ms: 2 } }] },
    slow(3)
  )
  t.strictSame(scenarios.effectsOf(CALL), { error: { code: 'Conflict' }, delay: { ms: 2 }, scenarios: ['busy', 'both'] })
})

t.test('a scenario applies to the matching calls in its range, and is done after the last', async t => {
  const scenarios = withAll(slow(1, { match: { vmName: 'db-*' }, calls: '2-3' }))
  const applied = [CALL, { ...CALL, vmName: 'web' }, CALL, CALL, CALL].map(call => scenarios.effectsOf(call) !== undefined)
  t.strictSame(applied, [false, false, true, true, false])
  matchList(t, scenarios.list(), [{ name: 'slow-1', matched: 4, done: true }])
  for (const [calls, expected] of Object.entries({ 1: [true, false, false], '2-': [false, true, true] })) {
    const scenarios = withAll(slow(1, { calls }))
    t.strictSame([1, 2, 3].map(() => scenarios.effectsOf(CALL) !== undefined), expected, calls)
  }
  matchList(t, withAll(slow(1)).list(), [{ matched: 0, done: false }])
})

t.test('the next scenario with the same kind of effect applies after the last call of the first', async t => {
  const scenarios = withAll(slow(1, { calls: '1' }), slow(2))
  t.strictSame([1, 2].map(() => scenarios.effectsOf(CALL)?.delay?.ms), [1, 2])
})

t.test('a chance is drawn for each call, and calls without the effect also count', async t => {
  const draws = [0.4, 0.5, 0.1]
  const scenarios = new Scenarios({ configured: [slow(1, { chance: 0.5, calls: '1-3' })], next: () => draws.shift()! })
  t.strictSame([1, 2, 3].map(() => scenarios.effectsOf(CALL) !== undefined), [true, false, true])
  matchList(t, scenarios.list(), [{ matched: 3, done: true }])
  t.same(new Scenarios({ configured: [slow(1, { chance: 0 })], next: () => 0 }).effectsOf(CALL), undefined)
})

t.test('a list of errors and the errors of an identity that is not ready repeat in turn', async t => {
  const scenarios = withAll({ name: 'x', calls: '2-', do: [{ error: [{ code: 'A' }, { code: 'B' }] }] })
  t.strictSame([1, 2, 3, 4].map(() => scenarios.effectsOf(CALL)?.error?.code), [undefined, 'A', 'B', 'A'])
  const login = withAll({ name: 'x', do: [{ login: 'identityNotReady' }] })
  const token = { ...CALL, operation: 'ManagedIdentity_GetInstance' }
  t.strictSame([1, 2].map(() => login.effectsOf(token)?.login), [{ notReady: 0 }, { notReady: 1 }])
})

t.test('a scenario counts only calls that one of its effects can apply to', async t => {
  const scenarios = withAll(
    { name: 'poll', do: [{ poll: 'noStatus' }] },
    { name: 'run', do: [{ guest: { exitCode: 1 } }] },
    { name: 'login', do: [{ login: 'error' }] },
    { name: 'identity', do: [{ login: 'identityNotReady' }] }
  )
  for (const operation of ['VirtualMachines_RunCommand', 'Operations_Get', 'Tokens_IssueV2', 'VirtualMachines_Get']) scenarios.effectsOf({ ...CALL, operation })
  t.strictSame(scenarios.list().map(({ matched }) => matched), [1, 1, 1, 0])
  const mixed = withAll({ name: 'mixed', do: [{ poll: 'noStatus' }, { delay: { ms: 1 } }] })
  t.strictSame(mixed.effectsOf(CALL), { delay: { ms: 1 }, scenarios: ['mixed'] })
})

t.test('a scenario for a subscription applies only there, and resetting it does not affect others', async t => {
  const scenarios = withAll(slow(1))
  for (const subscriptionId of ['ONE', 'two']) scenarios.put({ name: subscriptionId, match: { subscriptionId }, do: [{ delay: { ms: 9 } }] })
  for (const subscriptionId of ['one', 'two', 'three']) scenarios.effectsOf({ ...CALL, subscriptionId })
  t.strictSame(scenarios.list().map(({ name, matched }) => [name, matched]), [['two', 1], ['ONE', 1], ['slow-1', 3]])
  t.equal(scenarios.reset('one'), 1)
  t.strictSame(scenarios.list().map(({ name, matched }) => [name, matched]), [['two', 1], ['slow-1', 3]])
  t.equal(scenarios.reset(), 1)
  t.strictSame(scenarios.list().map(({ name, matched }) => [name, matched]), [['slow-1', 0]])
})

t.test('scenarios with the same name for other subscriptions are not replaced, found or deleted', async t => {
  const of = (subscriptionId: string | undefined, ms: number) =>
    ({ name: 'busy', match: { subscriptionId }, do: [{ delay: { ms } }] })
  const scenarios = withAll(of(undefined, 1))
  t.strictSame([of('one', 2), of('two', 3), of('ONE', 4), of('o*', 5)].map(each => scenarios.put(each, { position: 'last' })), [true, true, false, false])
  const delayIn = (subscriptionId: string, name?: string) =>
    effectsFor(scenarios, { ...CALL, subscriptionId }, name)?.delay?.ms
  t.strictSame(['one', 'two', 'over'].map(id => delayIn(id)), [5, 3, 5], 'in order')
  t.strictSame(['one', 'two', 'over'].map(id => delayIn(id, 'busy')), [4, 3, 5], "a request names its subscription's own scenario")
  t.match(scenarios.find('busy', 'One'), { do: [{ delay: { ms: 4 } }] })
  t.match(scenarios.find('busy'), { do: [{ delay: { ms: 5 } }] })
  t.equal(scenarios.delete('busy', 'two'), true)
  t.equal(scenarios.delete('busy', 'two'), false)
  t.equal(scenarios.delete('busy'), true)
  t.equal(scenarios.unknown('busy').message,
    "there is no scenario 'busy' that may match several subscriptions, but there is one for one: give that as 'subscriptionId'")
  t.equal(scenarios.unknown('busy', 'two').message, "there is no scenario 'busy'", 'that of another subscription is not shown')
  scenarios.put(of(undefined, 1))
  t.equal(scenarios.clear('ONE'), 1)
  t.equal(scenarios.unknown('busy', 'one').message,
    "there is no scenario 'busy' for this subscription alone, but there is one that may match several: leave out 'subscriptionId'")
  t.strictSame(scenarios.list().length, 1)
})

t.test('the scenarios that a request can name do not include those of other subscriptions', async t => {
  const scenarios = withAll(slow(1, { match: { subscriptionId: 'one' } }), slow(2))
  const names = (id?: string) => scenarios.named(id).map(({ scenario: { name } }) => name)
    .filter(name => /^slow-\d$/.test(name))
  t.strictSame([names('ONE'), names('two'), names()], [['slow-1', 'slow-2'], ['slow-2'], ['slow-1', 'slow-2']])
  t.throws(() => scenarios.preferred('slow-1', 'two'), { message: "there is no scenario 'slow-1'; did you mean 'slow-2'?" })
})

t.test('an active scenario takes the name of a built-in one', async t => {
  const scenarios = withAll({ ...slow(1), name: 'throttled-twice' })
  const found = scenarios.named().filter(({ scenario: { name } }) => name === 'throttled-twice')
  t.match(found.map(({ scenario }) => scenario.do), [[{ delay: { ms: 1 } }]])
  t.equal(found.length, 1)
})

t.test('lists the scenarios of a subscription, in any case', async t => {
  const scenarios = withAll(slow(1, { match: { subscriptionId: 'One' } }), slow(2))
  t.strictSame(scenarios.list('ONE').map(({ name }) => name), ['slow-1'])
})

t.test('an effect on managed identities applies to each of their endpoints, and to no other login', async t => {
  const scenarios = withAll({ name: 'x', do: [{ login: 'identityNotReady' }] })
  const isAffected = (operation: string) => scenarios.effectsOf({ ...CALL, operation }) !== undefined
  for (const name of ['GetInstance', 'GetAppService', 'PostCloudShell']) t.ok(isAffected(`ManagedIdentity_${name}`), name)
  t.notOk(isAffected('Tokens_IssueV2'))
})

t.test('a reset restores the configured scenarios', async t => {
  const scenarios = withAll(slow(1), slow(2, { match: { subscriptionId: 'one' } }))
  scenarios.replaceAll([])
  t.equal(scenarios.isEmpty, true)
  t.equal(scenarios.reset('one'), 0)
  t.strictSame(scenarios.list().map(({ name }) => name), ['slow-2'])
  scenarios.reset()
  t.strictSame(scenarios.list().map(({ name }) => name), ['slow-1', 'slow-2'])
  scenarios.put({ ...slow(2), name: 'slow-1' })
  t.equal(scenarios.reset(), 1)
  t.strictSame(scenarios.list(), [{ ...slow(1), matched: 0, done: false }, { ...slow(2, { match: { subscriptionId: 'one' } }), matched: 0, done: false }])
})

t.test('a reset of a subscription starts the counts of its configured scenarios again, and no others', async t => {
  const scenarios = withAll(slow(1, { calls: '1', match: { subscriptionId: 'one' } }), slow(2, { calls: '1' }))
  t.match(scenarios.effectsOf(CALL), { delay: { ms: 1 } })
  t.equal(scenarios.effectsOf(CALL), undefined)
  scenarios.reset('one')
  t.strictSame(scenarios.list().map(({ matched }) => matched), [0, 2])
  t.match(scenarios.effectsOf(CALL), { delay: { ms: 1 } })
})

t.test('a scenario that was added hides one of its identity that is configured later', async t => {
  const scenarios = withAll(slow(1))
  scenarios.put({ ...slow(2), name: 'mine' })
  scenarios.configure([slow(1), { ...slow(3), name: 'mine' }])
  t.strictSame(scenarios.list().map(({ do: [effect] }) => effect?.delay?.ms), [2, 1])
  scenarios.delete('mine')
  t.strictSame(scenarios.list().map(({ name }) => name), ['slow-1'])
})

t.test('clearing deletes configured scenarios, too', async t => {
  const scenarios = withAll(slow(1), slow(2, { match: { subscriptionId: 'one' } }))
  scenarios.put(slow(3))
  t.equal(scenarios.clear(), 3)
  t.strictSame(scenarios.list(), [])
})

t.test('new configured scenarios replace the old ones, and unchanged ones keep their count', async t => {
  const scenarios = withAll(slow(1), slow(2))
  scenarios.put(slow(7))
  scenarios.effectsOf(CALL)
  scenarios.configure([slow(3), slow(2)])
  t.strictSame(scenarios.list().map(({ name, matched }) => [name, matched]), [['slow-7', 1], ['slow-3', 0], ['slow-2', 1]])
  scenarios.delete('slow-2')
  scenarios.configure([slow(3), slow(2)])
  t.strictSame(scenarios.list().map(({ name }) => name), ['slow-7', 'slow-3'], 'unchanged configuration does not restore a deleted scenario')
  scenarios.configure([])
  t.strictSame(scenarios.list().map(({ name }) => name), ['slow-7'])
})

t.test('a scenario that a request names comes first, and restarts after the first call without an effect', async t => {
  const scenarios = withAll(slow(1))
  const throttled = () => effectsFor(scenarios, CALL, 'throttled-twice')?.throttle !== undefined
  t.strictSame([1, 2, 3, 4, 5, 6].map(throttled), [true, true, false, true, true, false])
  t.match(effectsFor(scenarios, CALL, 'throttled-twice'), { delay: { ms: 1 }, scenarios: ['throttled-twice', 'slow-1'] })
  t.match(effectsFor(scenarios, { ...CALL, subscriptionId: 'two' }, 'throttled-twice'), { throttle: {} }, 'counted for each subscription')
  t.match(effectsFor(scenarios, { ...CALL, subscriptionId: 'TWO' }, 'throttled-twice'), { throttle: {} }, 'in any case')
  scenarios.reset('one')
  t.equal(effectsFor(scenarios, { ...CALL, subscriptionId: 'two' }, 'throttled-twice')?.throttle, undefined,
    'a reset of another subscription does not start the count again')
  t.equal(scenarios.effectsOf(CALL)?.throttle, undefined, 'it applies only to requests that name it')
})

t.test('a request can name an active scenario, whose calls are then counted separately', async t => {
  const scenarios = withAll(slow(1, { calls: '1' }))
  t.match(effectsFor(scenarios, CALL, 'slow-1'), { delay: { ms: 1 } })
  t.match(scenarios.effectsOf(CALL), { delay: { ms: 1 } })
  t.same(scenarios.effectsOf(CALL), undefined)
})

t.test('a scenario that takes the place of one that requests name has its own effects and count', async t => {
  const scenarios = withAll({ ...slow(1, { calls: '1-2' }), name: 'mine' })
  t.match(effectsFor(scenarios, CALL, 'mine'), { delay: { ms: 1 } })
  scenarios.put({ ...slow(2, { calls: '1-2' }), name: 'mine' })
  const applied = [1, 2, 3].map(() => effectsFor(scenarios, CALL, 'mine')?.delay?.ms)
  t.strictSame(applied, [2, 2, undefined])
})

t.test('a scenario that polls name is counted for each operation if it is about polls, otherwise for all together', async t => {
  const scenarios = withAll({ name: 'one-poll', calls: '1', do: [{ poll: 'noStatus' }] }, slow(1, { calls: '1' }))
  scenarios.effectsOf(POLL)
  const applied = (name: string, operationIds: readonly string[]) =>
    operationIds.map(operationId => effectsFor(scenarios, { ...POLL, operationId }, name) !== undefined)
  t.strictSame(applied('one-poll', ['a', 'a', 'b', 'b']), [true, false, true, false])
  t.strictSame(applied('slow-1', ['a', 'b', 'c']), [true, false, true])
  scenarios.put({ name: 'also-slow', calls: '1', do: [{ poll: 'noStatus' }, { delay: { ms: 1 } }] })
  t.strictSame(applied('also-slow', ['a', 'b', 'c']), [true, false, true], 'it is not only about polls')
})

t.test('the polls of an operation use the scenario that its start named', async t => {
  const scenarios = new Scenarios()
  t.equal(scenarios.isEmpty, true)
  scenarios.start('op', 'throttled-twice', 'one')
  t.equal(scenarios.isEmpty, false)
  t.strictSame(['op', 'other', undefined].map(id => scenarios.namedByStart(id)?.name), ['throttled-twice', undefined, undefined])
  scenarios.start('op-of-two', 'stalls', 'two')
  scenarios.reset('ONE')
  t.equal(scenarios.namedByStart('op'), undefined)
  t.equal(scenarios.namedByStart('op-of-two')?.name, 'stalls', 'a reset forgets only the operations of its subscription')
})

t.test('at most 10,000 operations keep the scenario that their start named', async t => {
  const scenarios = new Scenarios()
  for (let index = 0; index <= 10_000; index++) scenarios.start(`op-${index}`, 'stalls', 'one')
  t.strictSame(['op-0', 'op-1'].map(id => scenarios.namedByStart(id)?.name), [undefined, 'stalls'])
})

t.test('the error for an unknown name has the nearest name', async t => {
  const error = t.throws(() => new Scenarios().preferred('throttled-second')) as unknown as UnknownScenario
  t.type(error, UnknownScenario)
  t.equal(error.message, "there is no scenario 'throttled-second'; did you mean 'throttled-seconds'?")
})

t.test('a listener receives each match until it stops', async t => {
  const scenarios = withAll(slow(1, { calls: '1' }))
  const received: ScenarioMatch[] = []
  const stop = scenarios.onMatch(match => received.push(match))
  scenarios.effectsOf(CALL)
  scenarios.effectsOf(POLL)
  scenarios.put(slow(2))
  stop()
  scenarios.effectsOf(CALL)
  matchList(t, received, [
    { scenario: 'slow-1', matched: 1, done: true, effects: ['delay'], call: CALL },
    { scenario: 'slow-1', matched: 2, done: true, effects: { length: 0 }, call: POLL }
  ])
})

t.test('waitFor resolves when a scenario is done', async t => {
  const scenarios = withAll(slow(1, { calls: '1-2' }))
  const waiting = scenarios.waitFor('slow-1', { timeout: 3_600_000 })
  scenarios.effectsOf(CALL)
  scenarios.effectsOf(CALL)
  t.match(await waiting, { name: 'slow-1', matched: 2, done: true })
  t.match(await scenarios.waitFor('slow-1', { timeout: 0 }), { done: true })
})

t.test('waitFor listens only until it ends', async t => {
  const scenarios = withAll(slow(1, { calls: '1' }))
  let listening = 0
  type Listen<News> = (listener: (news: News) => void) => () => void
  const counted = <News>(listen: Listen<News>): Listen<News> => listener => {
    const stop = listen(listener)
    listening++
    return () => { listening--; stop() }
  }
  scenarios.onMatch = counted(scenarios.onMatch.bind(scenarios))
  scenarios.onEdit = counted(scenarios.onEdit.bind(scenarios))
  const timers = () => process.getActiveResourcesInfo().filter(each => each === 'Timeout').length
  const before = timers()
  const waiting = scenarios.waitFor('slow-1', { timeout: 3_600_000 })
  t.equal(listening, 2, 'to matches and to edits')
  await t.rejects(scenarios.waitFor('slow-1', { timeout: 1 }))
  t.equal(listening, 2)
  scenarios.effectsOf(CALL)
  await waiting
  t.strictSame([listening, timers()], [0, before], 'and leaves no timer')
})

t.test('waitFor rejects at its timeout, and for a scenario that is never done, unknown or deleted', async t => {
  const scenarios = withAll(slow(1, { calls: '2' }), slow(2))
  scenarios.effectsOf(CALL)
  await t.rejects(scenarios.waitFor('slow-1', { timeout: 1 }),
    { message: "scenario 'slow-1' is not done after 1 ms: 'calls' is '2', matched so far: 1", state: { matched: 1 } })
  await t.rejects(scenarios.waitFor('slow-2'), new ScenarioNotDone(scenarios.find('slow-2')!))
  await t.rejects(scenarios.waitFor('slow-3'), { message: "there is no scenario 'slow-3'; did you mean 'slow-1' or 'slow-2'?" })
  const waiting = scenarios.waitFor('slow-1', { timeout: 2_147_483_647 })
  scenarios.delete('slow-1')
  await t.rejects(waiting, { message: "there is no scenario 'slow-1'; did you mean 'slow-2'?" })
  const signal = AbortSignal.abort(new Error('gone'))
  scenarios.put(slow(1, { calls: '2' }))
  await t.rejects(scenarios.waitFor('slow-1', { signal }), { message: 'gone' })
})
