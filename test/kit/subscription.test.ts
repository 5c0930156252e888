import { EventEmitter, once } from 'node:events'
import t from 'tap'
import { assertReceived, NotVerified, TooFewRequests, UsageError, type JournalFilter, type Scenario } from '../../src/kit/index.js'
import { matchList } from '../harness/match-list.js'
import { send, start } from './start.js'

const busy: Scenario = { name: 'busy', calls: '1', do: [{ error: { code: 'Conflict' } }] }

t.test('two subscriptions can have different scenarios with the same name', async t => {
  const azrun = await start(t)
  const [one, other] = [azrun.subscription(), azrun.subscription()]
  one.scenarios.add(busy)
  other.scenarios.add({ ...busy, calls: '2' })
  t.equal((await send(azrun, 'a', { subscriptionId: one.id })).statusCode, 409)
  t.equal((await send(azrun, 'a', { subscriptionId: other.id })).statusCode, 200)
  matchList(t, one.scenarios.list(), [{ name: 'busy', matched: 1, done: true }])
  matchList(t, other.scenarios.list(), [{ name: 'busy', matched: 1, done: false }])
  t.match(await one.scenarios.waitFor('busy'), { name: 'busy', done: true })
  await t.rejects(other.scenarios.waitFor('busy', { timeout: 1 }), { name: 'ScenarioNotDone', message: /not done after 1 ms/ })
  matchList(t, one.requests.list({ scenario: 'busy' }), [{ sequence: 1, scenario: 'busy' }])
  t.equal(one.scenarios.remove('busy'), true)
  t.equal(one.scenarios.remove('busy'), false)
  t.equal(other.scenarios.list().length, 1)
  t.equal(other.scenarios.clear(), 1)
  t.strictSame(azrun.scenarios.list(), [])
})

t.test('closing the emulator ends all waits, which say what is missing', async t => {
  const azrun = await start(t)
  const { requests, scenarios } = azrun.subscription()
  scenarios.add(busy)
  const waits = [scenarios.waitFor('busy', { timeout: 3_600_000 }), requests.waitFor({}, { timeout: 3_600_000 })]
  const results = Promise.allSettled(waits)
  await azrun.close()
  matchList(t, await results, [
    { reason: { name: 'ScenarioNotDone', message: "scenario 'busy' is not done and azrun was closed: 'calls' is '1', matched so far: 0" } },
    { reason: { name: 'TooFewRequests', message: '0 of 1 requests of any kind came before azrun was closed.' } }
  ])
})

t.test('a named scenario is added by its name', async t => {
  const azrun = await start(t)
  const world = azrun.subscription()
  const [{ scenario }] = azrun.scenarios.named() as [{ scenario: Scenario }]
  world.scenarios.add(scenario.name)
  matchList(t, world.scenarios.list(), [{ name: scenario.name }])
})

t.test('a name means the scenario of the same subscription, if it has one, which then counts from the start', async t => {
  const azrun = await start(t)
  const { id, scenarios } = azrun.subscription()
  scenarios.add({ ...busy, match: { operation: '*' } })
  await send(azrun, 'a', { subscriptionId: id })
  scenarios.add('busy')
  matchList(t, scenarios.list(), [{ name: 'busy', matched: 0, match: { operation: '*' } }])
})

t.test('a scenario is tried first, unless it is added as the last', async t => {
  const azrun = await start(t)
  const { id, scenarios } = azrun.subscription()
  for (const name of ['one', 'two']) scenarios.add({ ...busy, name })
  scenarios.add({ ...busy, name: 'three', match: { subscriptionId: id.toUpperCase() } }, { position: 'last' })
  t.strictSame(scenarios.list().map(({ name }) => name), ['two', 'one', 'three'])
  azrun.scenarios.put({ ...busy, name: 'four', match: { subscriptionId: id } }, { position: 'last' })
  t.strictSame(scenarios.list().map(({ name }) => name), ['two', 'one', 'three', 'four'])
})

t.test('a scenario that is invalid or can never apply is refused', async t => {
  const world = (await start(t)).subscription()
  const add = (scenario: object | string) => () => world.scenarios.add(scenario as Scenario)
  t.throws(add({ name: 'a', do: [], with: 1 }), { name: 'UsageError', message: /'with'/ })
  t.throws(add('throttled-secnds'), { name: 'UsageError', message: /there is no scenario 'throttled-secnds'; did you mean/ })
  t.throws(add('qqqq'), { name: 'UsageError', message: "there is no scenario 'qqqq': the emulator's scenarios.named() lists all" })
  t.throws(add({ name: 'a', do: [{ login: 'error' }] }), /'login', but a login belongs to no subscription/)
  t.throws(add('login-throttled'), {
    name: 'UsageError',
    message: "scenario 'login-throttled' is only about logins, since its 'match.operation' is 'Tokens_*', but a login belongs to no " +
      'subscription: give it to scenarios.put of the emulator'
  })
  t.throws(add(undefined as never), { name: 'UsageError', message: 'the scenario must be an object, not undefined' })
  t.throws(add({ ...busy, match: { subscriptionId: '24fb23e3-6ba3-41f0-9b6e-e41131d5d61e' } }), /leave it out/)
  t.strictSame(world.scenarios.list(), [])
})

t.test('the scenarios of the emulator, too, refuse one that is invalid', async t => {
  const { scenarios } = await start(t)
  const typo = { ...busy, do: [{ eror: {} }] } as unknown as Scenario
  t.throws(() => scenarios.put(typo), { name: 'UsageError', message: "'do[0].eror' is not a known property; did you mean 'error'?" })
  t.throws(() => scenarios.put(undefined as never), { name: 'UsageError', message: 'the scenario must be an object, not undefined' })
  t.throws(() => scenarios.replaceAll([busy, busy]), { name: 'UsageError', message: /rename one of the two/ })
  t.equal(scenarios.put({ name: 'no logins', do: [{ login: 'error' }] }), true)
  t.match(scenarios.find('no logins'), { matched: 0 })
})

t.test('the scenarios of the emulator, too, take a named one by its name, even if it is about logins', async t => {
  const { scenarios } = await start(t)
  t.equal(scenarios.put('login-throttled'), true)
  t.match(scenarios.find('login-throttled'), { matched: 0 })
  t.throws(() => scenarios.put('login-throtled'), { name: 'UsageError', message: /there is no scenario 'login-throtled'; did you mean/ })
})

t.test('the scenarios of the emulator are read and removed for one subscription if its id is given', async t => {
  const azrun = await start(t)
  const { scenarios } = azrun
  const [one, other] = [azrun.subscription(), azrun.subscription()]
  const names = (id?: string) => scenarios.list(id).map(({ name }) => name)
  const matched: string[] = []
  const stop = scenarios.onMatch(({ scenario }) => matched.push(scenario))
  scenarios.replaceAll([{ ...busy, name: 'all' }])
  for (const { id } of [one, other]) {
    for (const name of ['all', 'own']) scenarios.put({ ...busy, name, match: { subscriptionId: id } }, { position: 'first' })
  }
  t.strictSame([names(), names(one.id)], [['own', 'all', 'own', 'all', 'all'], ['own', 'all']])
  t.equal(scenarios.find('all', one.id)?.match?.subscriptionId, one.id)
  t.equal(scenarios.find('all')?.match, undefined)
  const named = scenarios.named(one.id).map(({ scenario }) => scenario.match?.subscriptionId)
  t.strictSame(named.slice(0, 3), [one.id, one.id, undefined])
  await send(azrun, 'a', { subscriptionId: one.id })
  stop()
  await send(azrun, 'a', { subscriptionId: one.id })
  t.strictSame(matched, ['own', 'all', 'all'], 'each counts the call')
  t.equal(scenarios.delete('all', other.id), true)
  t.strictSame([names(other.id), names(one.id)], [['own'], ['own', 'all']])
  t.equal(scenarios.clear(one.id), 2)
  t.strictSame(names(), ['own', 'all'])
  t.equal(scenarios.reset(other.id), 1)
  t.strictSame(names(), ['all'])
  t.equal(scenarios.clear(), 1)
})

t.test('a name means no scenario of a subscription when it is given to those of the emulator', async t => {
  const emulator = await start(t)
  const { scenarios } = emulator
  const { id } = emulator.subscription()
  scenarios.put({ name: 'throttled-twice', match: { subscriptionId: id }, do: [{ delay: { ms: 1 } }] })
  t.equal(scenarios.put('throttled-twice'), true)
  t.same(scenarios.list().map(({ match }) => match?.subscriptionId), [undefined, id])
})

t.test('invalid expectations and filters are refused', async t => {
  const world = (await start(t)).subscription()
  await t.rejects(world.verify([{ match: { vmname: 'a' } as object, times: '0' }]), { name: 'UsageError', message: /vmname/ })
  await t.rejects(world.verify([{ match: { operation: 'VirtualMachine_RunCommand' }, times: '0' }]), /not an operation that azrun serves/)
  await t.rejects(world.verify([{ match: {}, time: '0' } as never]), /'expectations\[0\].time' is not a member/)
  await t.rejects(world.verify({} as never), UsageError)
  await t.rejects(world.verify([{ match: {}, times: 'x' }]), UsageError)
  t.throws(() => world.requests.list({ vmname: 'a' } as object), UsageError)
})

t.test('an option that a method does not have is refused', async t => {
  const azrun = await start(t)
  const world = azrun.subscription()
  const typo = (name: string) => ({ [name]: 1 }) as object
  const atEnd = { position: 'end' as 'last' }
  t.throws(() => world.scenarios.add(busy, atEnd), { name: 'UsageError', message: '\'position\' of scenarios.add must be first or last, not "end"' })
  t.throws(() => azrun.scenarios.put(busy, atEnd), { name: 'UsageError', message: '\'position\' of scenarios.put must be first or last, not "end"' })
  t.throws(() => azrun.scenarios.put(busy, typo('postion')), { name: 'UsageError', message: /of scenarios\.put; did you mean 'position'/ })
  t.throws(() => world.scenarios.add(busy, typo('postion')), { name: 'UsageError', message: "'postion' is not an option of scenarios.add; did you mean 'position'?" })
  await t.rejects(world.scenarios.waitFor('busy', typo('timout')), { name: 'UsageError', message: /of scenarios\.waitFor; did you mean 'timeout'/ })
  await t.rejects(world.requests.waitFor({}, typo('wait')), { name: 'UsageError', message: "'wait' is not an option of requests.waitFor; expected one of count, timeout" })
  await t.rejects(world.verify([], typo('inorder')), { name: 'UsageError', message: /of verify; did you mean 'inOrder'/ })
  await t.rejects(assertReceived(world, {}, typo('time')), { name: 'UsageError', message: /of toHaveReceived and assertReceived; did you mean 'times'/ })
  t.throws(() => azrun.credential(typo('clientid')), { name: 'UsageError', message: /of credential; did you mean 'clientId'/ })
  t.strictSame(world.scenarios.list(), [])
})

t.test('options that are not an object are refused', async t => {
  const azrun = await start(t)
  const world = azrun.subscription()
  for (const [given, shown] of [['last', '"last"'], [null, 'null'], [5, '5'], [[], '[]']] as const) {
    const options = given as never
    const refused = (method: string, known: string) =>
      ({ name: 'UsageError', message: `the options of ${method} must be an object with ${known}, not ${shown}` })
    t.throws(() => azrun.scenarios.put(busy, options), refused('scenarios.put', 'position'))
    t.throws(() => world.scenarios.add(busy, options), refused('scenarios.add', 'position'))
    t.throws(() => azrun.credential(options), refused('credential', 'clientId'))
    await t.rejects(world.requests.waitFor({}, options), refused('requests.waitFor', 'count or timeout'))
    await t.rejects(world.verify([], options), refused('verify', 'inOrder or timeout'))
    await t.rejects(assertReceived(world, {}, options), refused('toHaveReceived and assertReceived', 'times or timeout'))
  }
  t.strictSame(azrun.scenarios.list(), [])
})

t.test('an order and a client id of another type are refused', async t => {
  const azrun = await start(t)
  await t.rejects(azrun.subscription().verify([], { inOrder: 'false' as never }),
    { name: 'UsageError', message: '\'inOrder\' of verify must be true or false, not "false"' })
  t.throws(() => azrun.credential({ clientId: 5 as never }), { name: 'UsageError', message: "'clientId' of credential must be a text, not 5" })
})

t.test('the emulator waits for a scenario by its name, and with its subscription for one of that', async t => {
  const azrun = await start(t)
  const { id, scenarios } = azrun.subscription()
  scenarios.add(busy)
  const { signal } = new AbortController()
  await t.rejects(azrun.scenarios.waitFor('busy', { subscriptionId: id, timeout: 1, signal }), { name: 'ScenarioNotDone', message: /after 1 ms/ })
  await send(azrun, 'a', { subscriptionId: id })
  t.match(await azrun.scenarios.waitFor('busy', { subscriptionId: id }), { matched: 1, done: true })
  await t.rejects(azrun.scenarios.waitFor('busy', { timout: 1 } as never), { name: 'UsageError', message: /of scenarios\.waitFor; did you mean 'timeout'/ })
  await t.rejects(azrun.scenarios.waitFor('busy', { timeout: '1s' as never }), { name: 'UsageError', message: /^'timeout' of scenarios\.waitFor must be / })
})

t.test('a filter of requests with a value that it cannot have is refused, and one for another subscription', async t => {
  const azrun = await start(t)
  const { id, requests } = azrun.subscription()
  const refused = (filter: unknown, message: string) => {
    t.throws(() => requests.list(filter as never), { name: 'UsageError', message })
    return t.rejects(requests.waitFor(filter as never), { name: 'UsageError', message: message.replace('requests.list', 'requests.waitFor') })
  }
  await refused({ status: '409' }, '\'status\' of requests.list must be a whole number from 100 to 599, not "409"')
  await refused({ scenario: 5 }, "'scenario' of requests.list must be a text, not 5")
  await refused({ clientRequestId: 5 }, "'clientRequestId' of requests.list must be a text, not 5")
  await refused({ since: 'x' }, '\'since\' of requests.list must be a whole number of 0 or more, not "x"')
  await refused({ top: -1 }, "'top' of requests.list must be a whole number from 1 to 1000000, not -1")
  await refused(null, 'the filter must be an object, not null')
  await refused('df', 'the filter must be an object, not "df"')
  await refused({ subscriptionId: 'other' }, `'subscriptionId' of requests.list must be ${id}, that of its own subscription, not "other": leave it out`)
  t.strictSame(requests.list({ subscriptionId: id.toUpperCase(), status: 200, since: 0, top: 1 }), [])
})

t.test('a number that an option cannot have is refused', async t => {
  const world = (await start(t)).subscription()
  const { requests, scenarios } = world
  scenarios.add(busy)
  const timeout = (method: string, value: string) => ({
    name: 'UsageError', message: `'timeout' of ${method} must be a number of milliseconds from 0 to 2147483647, not ${value}`
  })
  await t.rejects(requests.waitFor({}, { timeout: 0, count: 1_000_000 }), TooFewRequests)
  await t.rejects(requests.waitFor({}, { timeout: 2 ** 31 }), timeout('requests.waitFor', '2147483648'))
  await t.rejects(requests.waitFor({}, { timeout: '1s' as never }), timeout('requests.waitFor', '"1s"'))
  await t.rejects(scenarios.waitFor('busy', { timeout: -1 }), timeout('scenarios.waitFor', '-1'))
  await t.rejects(world.verify([{ match: {} }], { timeout: NaN }), timeout('verify', 'NaN'))
  await t.rejects(assertReceived(world, {}, { timeout: Infinity }), timeout('toHaveReceived and assertReceived', 'Infinity'))
  for (const count of [0, 1.5, 1_000_001]) {
    await t.rejects(requests.waitFor({}, { count }),
      { name: 'UsageError', message: `'count' of requests.waitFor must be a whole number from 1 to 1000000, not ${count}` })
  }
})

t.test('a script matches the run command and not its polls, unless an operation is given', async t => {
  const azrun = await start(t)
  const world = azrun.subscription()
  const { headers } = await send(azrun, 'df -h', { subscriptionId: world.id, prefer: 'respond-async' })
  const { pathname, search } = new URL(`${headers['azure-asyncoperation']}`)
  await azrun.app.inject({ url: `${pathname}${search}`, headers: { authorization: 'Bearer any' } })
  await world.verify([
    { match: { script: 'df*' }, times: '1' },
    { match: { script: 'df*', operation: 'Operations_Get' }, times: '1' }
  ], { inOrder: true })
  t.equal(world.requests.list().length, 2)
})

t.test('a failure shows the nearest request of the same subscription only', async t => {
  const azrun = await start(t)
  const [one, other] = [azrun.subscription(), azrun.subscription()]
  await send(azrun, 'df /', { subscriptionId: one.id })
  await send(azrun, 'df -h', { subscriptionId: other.id })
  const failure = await one.verify([{ match: { script: 'df -h' } }]).catch((error: unknown) => error)
  t.type(failure, NotVerified)
  t.match(failure, { message: /'df -h', found 0\. The nearest is #1: script: sent 'df \/', expected 'df -h'\.$/ })
  t.notMatch((failure as Error).message, /subscriptionId/)
  const late = await one.requests.waitFor({ script: 'df -h' }, { timeout: 1 }).catch((error: unknown) => error)
  t.type(late, TooFewRequests)
  t.match(late, { found: { length: 0 }, nearest: { length: 1 } })
  t.match(late, { nearest: [{ sequence: 1 }] })
})

t.test('requests are listed by their status, awaited by their number, and verified in their order', async t => {
  const azrun = await start(t)
  const world = azrun.subscription()
  world.scenarios.add({ ...busy, match: { script: 'df*' } })
  const isWaiting = world.requests.waitFor({}, { count: 2 })
  for (const script of ['df', 'ls']) await send(azrun, script, { subscriptionId: world.id })
  t.equal((await isWaiting).length, 2)
  const scripts = (filter: JournalFilter) => world.requests.list(filter).map(({ command }) => command?.script)
  t.strictSame([scripts({ status: 409 }), scripts({ top: 1 }), scripts({ since: 1 })], [['df'], ['df'], ['ls']])
  const [first, second] = [{ match: { script: 'df' } }, { match: { script: 'ls' } }]
  await world.verify([first, second], { inOrder: true })
  await world.verify([second, first])
  await t.rejects(world.verify([second, first], { inOrder: true }), NotVerified)
})

t.test('requests are listed by the id that the client gave them, and cleared for their subscription only', async t => {
  const azrun = await start(t)
  const [one, other] = [azrun.subscription(), azrun.subscription()]
  for (const [{ id }, requestId] of [[one, 'a'], [one, 'b'], [other, 'a']] as const) {
    const headers = { authorization: 'Bearer any', 'x-ms-client-request-id': requestId }
    await azrun.app.inject({ url: `/subscriptions/${id}?api-version=2022-12-01`, headers })
  }
  matchList(t, one.requests.list({ clientRequestId: 'B' }), [{ sequence: 2 }])
  t.throws(() => one.requests.clear({ top: 1 } as object), { name: 'UsageError', message: "'top' cannot limit what is deleted, which is all that matches: leave it out" })
  t.throws(() => one.requests.clear({ script: 5 } as object), { name: 'UsageError', message: /script/ })
  t.equal(one.requests.clear({ clientRequestId: 'b' }), 1)
  matchList(t, one.requests.list(), [{ sequence: 1 }])
  t.equal(one.requests.clear(), 1)
  t.strictSame([one.requests.list().length, other.requests.list().length], [0, 1])
})

t.test('waiting ends with the missing request of the same subscription', async t => {
  const azrun = await start(t)
  const world = azrun.subscription()
  const waiting = world.requests.waitFor({ script: 'b' }, { count: 1, timeout: 3_600_000 })
  const verified = world.verify([{ match: { script: 'b' } }], { timeout: 3_600_000 })
  await send(azrun, 'b', { subscriptionId: azrun.subscription().id })
  await send(azrun, 'b', { subscriptionId: world.id })
  matchList(t, await waiting, [{ sequence: 2 }])
  await verified
})

t.test('machines belong to one subscription until its reset', async t => {
  const azrun = await start(t)
  const [one, other] = [azrun.subscription(), azrun.subscription()]
  await one.virtualMachines.declare({ resourceGroup: 'rg', name: 'web', osType: 'Windows', powerState: 'stopped' })
  t.equal(await one.virtualMachines.powerState('rg', 'web'), 'stopped')
  await one.virtualMachines.setPowerState('rg', 'web', 'running')
  t.equal(await one.virtualMachines.powerState('RG', 'WEB'), 'running')
  await t.rejects(one.virtualMachines.powerState('rg', 'db'), { name: 'UsageError', message: /no virtual machine 'db' exists/ })
  t.equal(await other.virtualMachines.powerState('rg', 'db'), 'running')
  other.scenarios.add(busy)
  one.scenarios.add(busy)
  await send(azrun, 'a', { subscriptionId: other.id })
  await send(azrun, 'a', { subscriptionId: one.id, vmName: 'web' })
  t.match(await one.reset(), { requests: 1, scenarios: 1 })
  t.equal(await one.virtualMachines.powerState('rg', 'db'), 'running')
  const left = [one, other].map(({ requests, scenarios }) => [requests.list().length, scenarios.list().length])
  t.same(left, [[0, 0], [1, 1]])
  t.equal(other.requests.clear(), 1)
})

t.test('scale sets and the states of their instances belong to one subscription until its reset', async t => {
  const azrun = await start(t)
  const [one, other] = [azrun.subscription(), azrun.subscription()]
  const { instanceIds } = await one.scaleSets.declare({ resourceGroup: 'rg', name: 'workers', instances: ['3'] })
  t.strictSame(instanceIds, ['3'])
  t.equal(await one.scaleSets.powerState('rg', 'workers', '3'), 'running')
  await one.scaleSets.setPowerState('rg', 'workers', '3', 'deallocated')
  t.equal(await one.scaleSets.powerState('RG', 'Workers', '3'), 'deallocated')
  t.equal(await other.scaleSets.powerState('rg', 'workers', '3'), 'running')
  await one.scaleSets.declare({ resourceGroup: 'rg', name: 'workers', instances: ['3'] })
  t.equal(await one.scaleSets.powerState('rg', 'workers', '3'), 'running', 'declared again')
  await t.rejects(one.scaleSets.powerState('rg', 'workers', '4'), { name: 'UsageError', message: /no instance '4' of scale set 'workers' exists/ })
  await t.rejects(one.scaleSets.setPowerState('rg', 'others', '0', 'stopped'), { name: 'UsageError', message: /no scale set 'others' exists/ })
  await one.reset()
  t.equal(await one.scaleSets.powerState('rg', 'others', '0'), 'running')
})

t.test('a removed machine or scale set no longer exists, but one of the same name elsewhere does', async t => {
  const azrun = await start(t)
  const [one, other] = [azrun.subscription(), azrun.subscription()]
  for (const { virtualMachines, scaleSets } of [one, other]) {
    await virtualMachines.declare({ resourceGroup: 'rg', name: 'web' })
    await scaleSets.declare({ resourceGroup: 'rg', name: 'workers' })
  }
  t.equal(await one.virtualMachines.remove('RG', 'Web'), true)
  t.equal(await one.scaleSets.remove('RG', 'Workers'), true)
  await t.rejects(one.virtualMachines.powerState('rg', 'web'), /no virtual machine 'web' exists/)
  await t.rejects(one.scaleSets.powerState('rg', 'workers', '0'), /no scale set 'workers' exists/)
  t.equal(await one.virtualMachines.remove('rg', 'web'), false)
  t.equal(await one.scaleSets.remove('rg', 'workers'), false)
  t.equal(await other.virtualMachines.powerState('rg', 'web'), 'running')
  t.equal(await other.scaleSets.powerState('rg', 'workers', '0'), 'running')
})

t.test('a declaration that leaves out an instance cancels what runs on it', async t => {
  const canceled = new EventEmitter()
  const azrun = await start(t, {
    executor: {
      async execute (_: unknown, { signal }: { signal: AbortSignal }) {
        await once(signal, 'abort')
        canceled.emit('canceled')
        throw signal.reason
      }
    }
  })
  const { id, scaleSets } = azrun.subscription()
  const url = `/subscriptions/${id}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachineScaleSets/workers/virtualMachines/1/runCommand?api-version=2024-03-01`
  await scaleSets.declare({ resourceGroup: 'rg', name: 'workers' })
  const headers = { authorization: 'Bearer any' }
  await azrun.app.inject({ method: 'POST', url, headers, body: { commandId: 'RunShellScript', script: ['true'] } })
  const [, { instanceIds }] = await Promise.all([
    once(canceled, 'canceled'), scaleSets.declare({ resourceGroup: 'rg', name: 'workers', instances: ['0'] })
  ])
  t.strictSame(instanceIds, ['0'])
})

t.test('an invalid declaration is refused with all its mistakes, and declares nothing', async t => {
  const world = (await start(t)).subscription()
  const machine = { resourceGroup: 'rg.', name: 'web', powerState: 'off', size: 'B1' } as object
  await t.rejects(world.virtualMachines.declare(machine as never), {
    name: 'UsageError',
    problems: [
      /^'size' is not a known property; expected one of /,
      /^'resourceGroup' must be a name of 1 to 90 .+, not "rg\."$/,
      /^'powerState' must be one of running, deallocated, stopped, not "off"$/
    ]
  })
  await t.rejects(world.virtualMachines.declare({ name: 'web' } as never), { message: "the virtual machine must have 'resourceGroup'" })
  const sets = world.scaleSets
  await t.rejects(sets.declare({ resourceGroup: 'rg', name: 'ss', instances: [0] } as never),
    { name: 'UsageError', message: "'instances[0]' must be a number in quotes, such as \"0\", without zeros before it, not 0" })
  await t.rejects(sets.declare({ resourceGroup: 'rg', name: 'ss', instances: ['0', '0'] }), /'instances' must be a list of .+ each once/)
  await t.rejects(sets.declare({ name: 'ss' } as never), { message: "the scale set must have 'resourceGroup'" })
  t.equal(await world.virtualMachines.powerState('rg', 'undeclared'), 'running')
})

t.test('an instance id that is not text is refused', async t => {
  const world = (await start(t)).subscription()
  await t.rejects(world.scaleSets.powerState('rg', 'ss', 0 as never),
    { name: 'UsageError', message: 'the id of an instance must be a number in quotes, such as "0", not 0' })
})

t.test('a credential is for the requested application', async t => {
  const azrun = await start(t, {
    auth: 'strict',
    servicePrincipals: ['1', '2'].map(digit => ({ clientId: `${digit.repeat(8)}-1111-4111-8111-111111111111` })),
    roleAssignments: []
  })
  const claimsOf = async (clientId?: string) => {
    const credential = azrun.credential({ ...clientId !== undefined && { clientId } })
    const { token, expiresOnTimestamp } = await credential.getToken()
    t.ok(expiresOnTimestamp > Date.now() + 3_600_000, 'an SDK has no reason to ask for another')
    return JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString())
  }
  t.match(await claimsOf(), { appid: /^1{8}-/ })
  t.match(await claimsOf('22222222-1111-4111-8111-111111111111'), { appid: /^2{8}-/ })
  await t.rejects(claimsOf('33333333-1111-4111-8111-111111111111'), UsageError)
})

t.test('a credential has one token, which stays valid on a clock that a test moves by a year', async t => {
  const credential = (await start(t, { auth: 'strict' })).credential()
  const [first, second] = [await credential.getToken(), await credential.getToken()]
  t.equal(second.token, first.token)
  const { exp } = JSON.parse(Buffer.from(first.token.split('.')[1]!, 'base64url').toString())
  t.ok(exp * 1000 > Date.now() + 366 * 24 * 3_600_000)
})
