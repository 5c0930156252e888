import { once } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import t from 'tap'
import { silentLog } from '../../src/core/log.js'
import { virtualMachineId } from '../../src/core/resource-id.js'
import { Scope } from '../../src/core/scope.js'
import type { RecordKey, Store } from '../../src/core/store.js'
import type { RunContext } from '../../src/operations/cancellation.js'
import { OperationError, operationsPath, type Operation } from '../../src/operations/operation.js'
import { Operations } from '../../src/operations/operations.js'
import type { OperationStart } from '../../src/operations/start.js'
import { Turns } from '../../src/operations/turns.js'
import { MemoryStore } from '../../src/stores/memory.js'
import type { Clock } from '../../src/time/clock.js'
import { VirtualClock } from '../../src/time/virtual-clock.js'
import { matchList } from '../harness/match-list.js'
import { failing, remote, slow } from '../harness/remote-store.js'

const START = new Date('2020-10-12T11:06:10.506Z')
const STARTED = START.getTime()
const VM = virtualMachineId('s', 'rg', 'vm')
const OTHER = virtualMachineId('s', 'rg', 'other')
const BASE = {
  id: 'id-1',
  action: 'Microsoft.Compute/virtualMachines/runCommand/action',
  resourceId: VM.text,
  subscriptionId: 's',
  location: 'westus',
  startTime: STARTED
}

function create (store: Store = new MemoryStore(), gracePeriod?: number) {
  let count = 0
  const clock = new VirtualClock(START)
  const warnings: string[] = []
  const log = { warn: (message: string) => { warnings.push(message) } }
  const operations = new Operations({ clock, store, log, gracePeriod, newId: () => `id-${++count}` })
  const stored = async (operation: Operation) => await operations.get(keyOf(operation))
  return { clock, operations, stored, warnings }
}

function keyOf (operation: Operation): RecordKey {
  return { collectionKey: operationsPath(operation).toLowerCase(), nameKey: operation.id }
}

function start (given: Partial<OperationStart> = {}): OperationStart {
  const { action, location } = BASE
  return { action, location, resourceId: VM, plan: { delay: 0 }, run: async () => ({ result: { value: 'output' } }), ...given }
}

/** A run that continues until it is aborted. */
const endless = async ({ signal }: RunContext) => {
  await once(signal, 'abort')
  throw signal.reason
}

t.test('an operation is in progress after it starts', async t => {
  const { operations, stored } = create()
  const operation = await operations.start(start({ run: endless }))
  t.strictSame(operation, { ...BASE, status: 'InProgress' })
  t.strictSame(await stored(operation), operation)
  await operations.cancelAll('end of the test')
})

t.test('an operation succeeds with the result that its run resolves to', async t => {
  const { operations, stored } = create()
  const operation = await operations.start(start())
  const settled = await operations.settle(operation)
  t.strictSame(settled, { ...BASE, status: 'Succeeded', endTime: STARTED, output: { value: 'output' } })
  t.strictSame(await stored(operation), settled)
})

t.test('an operation completes at once if its run returns without a promise', async t => {
  const { operations, stored } = create()
  const operation = await operations.start(start({ run: () => ({ result: { value: 'known' } }) }))
  t.strictSame(operation, { ...BASE, status: 'Succeeded', endTime: STARTED, output: { value: 'known' } })
  t.strictSame(await stored(operation), operation)
  t.ok(await operations.start(start()), 'its resource is free again')
})

t.test('an operation may have no output', async t => {
  const { operations } = create()
  const operation = await operations.start(start({ run: () => ({}) }))
  t.match(operation, { status: 'Succeeded', output: undefined })
})

t.test('an operation ends with its planned outcome, and with the output of its run if both succeed', async t => {
  const { clock, operations } = create()
  const error = { code: 'Code', message: 'text' }
  const runs = [() => ({ result: { value: 'output' } }), async () => ({ result: { value: 'output' } })]
  for (const run of runs) {
    const ends = async (plan: OperationStart['plan'], given: OperationStart['run'] = run) => {
      const started = await operations.start(start({ plan, run: given }))
      await clock.advance(plan.delay)
      return await operations.settle(started)
    }
    for (const delay of [0, 1000]) {
      const fails = { delay, outcome: { status: 'Failed', error } } as const
      const succeeds = { delay, outcome: { status: 'Succeeded', output: { value: 'planned' } } } as const
      t.match(await ends(fails), { status: 'Failed', error })
      t.match(await ends(succeeds), { status: 'Succeeded', output: { value: 'output' } })
      t.match(await ends(succeeds, () => { throw new Error('no') }), { status: 'Succeeded', output: { value: 'planned' } })
    }
  }
})

t.test('a canceled operation ignores its planned outcome', async t => {
  const { operations } = create()
  const plan = { delay: 0, outcome: { status: 'Succeeded' } } as const
  const started = await operations.start(start({ plan, run: endless }))
  await operations.cancelAll('end of the test')
  t.match(await operations.settle(started), { status: 'Canceled', error: { message: 'end of the test' } })
})

t.test('an operation keeps its course to the end, and an ordinary one has none', async t => {
  const { operations, stored } = create()
  const course = { polls: 2 }
  const started = await operations.start(start({ course }))
  t.strictSame(started, { ...BASE, status: 'InProgress', course })
  t.strictSame((await operations.settle(started)).course, course)
  t.strictSame((await stored(started))?.course, course)
  t.notOk('course' in await operations.settle(await operations.start(start())))
})

t.test('an operation fails at once if its run throws', async t => {
  const { operations, stored } = create()
  const operation = await operations.start(start({ run: () => { throw new OperationError('Code', 'text') } }))
  t.strictSame(operation, { ...BASE, status: 'Failed', endTime: STARTED, error: { code: 'Code', message: 'text' } })
  t.strictSame(await stored(operation), operation)
})

t.test('an operation stays in progress for the delay, even if its run has ended', async t => {
  for (const run of [async () => ({ result: {} }), () => ({ result: {} })]) {
    const { clock, operations, stored } = create()
    const operation = await operations.start(start({ plan: { delay: 30_000 }, run }))
    t.match(operation, { status: 'InProgress' })
    await clock.advance(29_999)
    t.match(await stored(operation), { status: 'InProgress' })
    await clock.advance(1)
    t.match(await stored(operation), { status: 'Succeeded', endTime: STARTED + 30_000 })
  }
})

t.test('an operation stays in progress during its run, even after the delay', async t => {
  const { clock, operations, stored } = create()
  const run = async () => {
    await clock.sleep(50)
    return {}
  }
  const operation = await operations.start(start({ plan: { delay: 10 }, run }))
  await clock.advance(49)
  t.match(await stored(operation), { status: 'InProgress' })
  await clock.advance(1)
  t.match(await stored(operation), { status: 'Succeeded' })
})

t.test('a resource has one operation at a time', async t => {
  t.test('until that operation has ended, including its delay', async t => {
    const { clock, operations } = create()
    await operations.start(start({ plan: { delay: 10 } }))
    await clock.advance(9)
    const run = () => t.fail('a second run')
    t.throws(() => operations.start(start({ run: run as never })), { name: 'ResourceBusy' })
    t.ok(await operations.start(start({ resourceId: OTHER })), 'another resource is free')
    await clock.advance(1)
    t.match(await operations.start(start()), { status: 'InProgress' })
  })

  t.test('whatever the case of its name', async t => {
    const { operations } = create()
    await operations.start(start({ run: endless }))
    t.throws(() => operations.start(start({ resourceId: virtualMachineId('S', 'RG', 'VM') })), { name: 'ResourceBusy' })
    await operations.cancelAll('end of the test')
  })

  t.test('even if many start in the same turn of the event loop', async t => {
    const { operations } = create()
    let runs = 0
    const run = async (context: RunContext) => {
      runs++
      return await endless(context)
    }
    const starting = Array.from({ length: 20 }, async () => await operations.start(start({ run })))
    const started = await Promise.allSettled(starting)
    t.equal(started.filter(({ status }) => status === 'fulfilled').length, 1)
    t.equal(runs, 1)
    await operations.cancelAll('end of the test')
  })
})

const failures: Readonly<Record<string, { run: OperationStart['run'], error: object }>> = {
  'rejects with an OperationError': {
    run: async () => { throw new OperationError('Code', 'message') },
    error: { code: 'Code', message: 'message' }
  },
  'rejects with another error': {
    run: async () => { throw new Error('broken') },
    error: { code: 'InternalExecutionError', message: 'broken' }
  },
  'rejects with a value that is not an error': {
    run: () => Promise.reject(Object.create(null, { toString: { value: () => 'text' } })),
    error: { code: 'InternalExecutionError', message: 'text' }
  },
  'rejects with nothing': {
    run: () => Promise.reject(undefined), // eslint-disable-line prefer-promise-reject-errors
    error: { code: 'InternalExecutionError', message: 'undefined' }
  },
  'rejects with a value that has no text': {
    run: () => Promise.reject(Object.create(null)),
    error: { code: 'InternalExecutionError', message: 'an error that cannot be shown as text' }
  },
  'rejects with an error whose message is not text': {
    run: () => Promise.reject(Object.assign(new Error('x'), { message: 1n })),
    error: { code: 'InternalExecutionError', message: '1' }
  },
  'throws before it returns a promise': {
    run: () => { throw new OperationError('Code', 'at once') },
    error: { code: 'Code', message: 'at once' }
  }
}

for (const [what, { run, error }] of Object.entries(failures)) {
  t.test(`a run that ${what} fails the operation after the delay and frees the resource`, async t => {
    const { clock, operations, stored } = create()
    const operation = await operations.start(start({ run, plan: { delay: 5 } }))
    await setImmediate()
    t.match(await stored(operation), { status: 'InProgress' })
    await clock.advance(5)
    const ended = await stored(operation)
    t.match(ended, { status: 'Failed', endTime: clock.now().getTime() })
    t.strictSame(ended?.status === 'Failed' && ended.error, error)
    t.ok(await operations.start(start()))
  })
}

t.test('a timeout', async t => {
  const timeout = { ms: 1000, error: () => new OperationError('TimedOut', 'It took too long.') }

  t.test('aborts the run and fails the operation with its error, whatever the run throws', async t => {
    const { clock, operations, stored } = create()
    const run = async ({ signal }: RunContext) => {
      await once(signal, 'abort')
      throw new Error('killed')
    }
    const operation = await operations.start(start({ run, plan: { delay: 0, timeout } }))
    await clock.advance(999)
    t.match(await stored(operation), { status: 'InProgress' })
    await clock.advance(1)
    t.match(await stored(operation), { status: 'Failed', error: { code: 'TimedOut', message: 'It took too long.' } })
  })

  t.test('applies to the run, not to the delay', async t => {
    const { clock, operations, stored } = create()
    const operation = await operations.start(start({ plan: { delay: 5000, timeout } }))
    await setImmediate()
    await clock.advance(5000)
    t.match(await stored(operation), { status: 'Succeeded' })
  })

  t.test('leaves no sleep pending once the run has ended', async t => {
    const virtual = new VirtualClock(START)
    let asleep = 0
    const clock: Clock = {
      now: () => virtual.now(),
      sleep: (ms, signal) => {
        asleep++
        return virtual.sleep(ms, signal).finally(() => { asleep-- })
      }
    }
    const operations = new Operations({ clock, store: new MemoryStore(), log: silentLog, newId: () => 'id' })
    await operations.settle(await operations.start(start({ plan: { delay: 0, timeout } })))
    await setImmediate()
    t.equal(asleep, 0)
  })
})

t.test('settling', async t => {
  t.test('waits for the end, for any number of callers at once', async t => {
    const { clock, operations } = create()
    const operation = await operations.start(start({ plan: { delay: 1000 } }))
    const waiting = [1, 2, 3].map(() => operations.settle(operation))
    await clock.advance(1000)
    for (const settled of await Promise.all(waiting)) t.match(settled, { status: 'Succeeded' })
  })

  t.test('waits at most the given time by the clock', async t => {
    const { clock, operations } = create()
    const operation = await operations.start(start({ plan: { delay: 100_000 } }))
    const waiting = operations.settle(operation, 60_000)
    await clock.advance(60_000)
    t.equal(await waiting, operation)
    t.equal(await operations.settle(operation, 0), operation)
    await operations.cancelAll('end of the test')
  })

  t.test('waits at most the given time in reality, even if a virtual clock stands still', async t => {
    const { operations } = create()
    const operation = await operations.start(start({ plan: { delay: 1000 } }))
    t.equal(await operations.settle(operation, 5), operation)
    await operations.cancelAll('end of the test')
  })

  t.test('returns as soon as the operation ends', async t => {
    const { clock, operations } = create()
    const operation = await operations.start(start({ plan: { delay: 10 } }))
    const waiting = operations.settle(operation, 60_000)
    await clock.advance(10)
    t.match(await waiting, { status: 'Succeeded' })
  })

  t.test('returns the ended operation to a caller that has an older state', async t => {
    const { operations } = create()
    const older = await operations.start(start())
    await operations.settle(older)
    t.match(await operations.settle(older), { status: 'Succeeded' })
    t.match(await operations.settle(older, 100), { status: 'Succeeded' })
  })

  t.test('returns an ended operation unchanged', async t => {
    const { operations } = create()
    const ended = await operations.settle(await operations.start(start()))
    t.equal(await operations.settle(ended), ended)
  })
})

t.test('canceling', async t => {
  t.test('ends running and delayed operations with the given message', async t => {
    const { operations, stored } = create()
    const running = await operations.start(start({ run: endless }))
    const delayed = await operations.start(start({ plan: { delay: 1000 }, resourceId: OTHER }))
    const waiting = operations.settle(running)
    await operations.cancelAll('azrun was stopped.')
    const error = { code: 'OperationCanceled', message: 'azrun was stopped.' }
    t.match(await waiting, { status: 'Canceled', error })
    t.match(await stored(delayed), { status: 'Canceled', error })
    for (const resourceId of [VM, OTHER]) t.ok(await operations.start(start({ resourceId })))
  })

  t.test('waits for a run that does not stop at once', async t => {
    const { operations, stored } = create()
    let stopped = false
    const run = (context: RunContext) => endless(context).catch(async () => {
      await setImmediate()
      stopped = true
      return {}
    })
    const operation = await operations.start(start({ run }))
    await operations.cancelAll('stop')
    t.ok(stopped)
    t.match(await stored(operation), { status: 'Canceled' })
  })

  t.test('does not change operations that have ended', async t => {
    const { operations, stored } = create()
    const operation = await operations.settle(await operations.start(start()))
    await operations.cancelAll('stop')
    t.strictSame(await stored(operation), operation)
  })

  t.test('cancels an operation that starts in the same turn of the event loop', async t => {
    const { operations, stored } = create()
    const starting = operations.start(start({ run: endless }))
    await operations.cancelAll('stop')
    t.match(await stored(await starting), { status: 'Canceled' })
  })

  t.test('aborts the signal even if the run first reads it later', async t => {
    const { operations, stored } = create()
    let signal: AbortSignal | undefined
    const run = async (context: RunContext) => {
      await setImmediate()
      signal = context.signal
      return {}
    }
    const operation = await operations.start(start({ run }))
    await operations.cancelAll('stop')
    t.match(signal?.reason, { code: 'OperationCanceled', message: 'stop' })
    t.match(await stored(operation), { status: 'Canceled' })
  })
})

t.test('a running operation stays in the store, however many others end meanwhile', async t => {
  const { clock, operations, stored } = create(new MemoryStore({ capacity: 2 }))
  const slow = await operations.start(start({ plan: { delay: 10 } }))
  for (let number = 0; number < 5; number++) await operations.start(start({ resourceId: OTHER, run: () => ({}) }))
  t.match(await stored(slow), { status: 'InProgress' })
  await clock.advance(10)
  t.match(await stored(slow), { status: 'Succeeded' })
})

t.test('operations work with an asynchronous store', async t => {
  const { clock, operations, stored } = create(remote(new MemoryStore()))
  const known = await operations.start(start({ run: () => ({ result: {} }) }))
  t.match(await stored(known), { status: 'Succeeded' })
  const starting = [1, 2].map(() => operations.start(start({ plan: { delay: 10 } })))
  const started = await Promise.allSettled(starting)
  t.strictSame(started.map(({ status }) => status), ['fulfilled', 'rejected'])
  const slow = await starting[0]!
  t.match(await stored(slow), { status: 'InProgress' })
  await clock.advance(10)
  t.match(await operations.settle(slow), { status: 'Succeeded' })
  t.match(await stored(slow), { status: 'Succeeded' })
  t.equal(await stored({ ...slow, id: 'another' }), undefined)
})

t.test('an operation is found by its own location, whatever the location of the one before', async t => {
  const { operations, stored } = create()
  const started = ['westus', 'eastus'].map(async location => await operations.start(start({
    location, resourceId: virtualMachineId('s', 'rg', location), run: endless
  })))
  for (const operation of await Promise.all(started)) t.match(await stored(operation), { location: operation.location })
  await operations.cancelAll('end of the test')
})

t.test('a failure of the store', async t => {
  t.test('rejects only the calls that wait for the operation', async t => {
    const { operations } = create(failing(new MemoryStore(), { endedOperations: ['set'] }))
    const immediate = (async () => await operations.start(start({ run: () => ({}) })))()
    await t.rejects(immediate, { message: 'the store is gone' })
    const operation = await operations.start(start({ run: endless }))
    const waiting = t.rejects(operations.settle(operation) as Promise<Operation>, { message: 'the store is gone' })
    await t.rejects(operations.cancelAll('stop'), { message: 'the store is gone' })
    await waiting
  })

  t.test('does not end the process if nobody waits for the operation', async t => {
    const { clock, operations } = create(failing(new MemoryStore(), { endedOperations: ['set'] }))
    await operations.start(start({ plan: { delay: 10 } }))
    await clock.advance(10)
    await setImmediate()
    t.ok(await operations.start(start({ plan: { delay: 10 } })), 'its resource is free again')
  })

  for (const [where, wrap] of Object.entries({ 'in memory': (store: Store) => store, remote })) {
    t.test(`frees the resource of an operation whose end cannot be stored (store: ${where})`, async t => {
      const { clock, operations, stored } = create(wrap(failing(new MemoryStore(), { endedOperations: ['set'] })))
      const immediate = (async () => await operations.start(start({ run: () => ({}) })))()
      await t.rejects(immediate, { message: 'the store is gone' })
      const operation = await operations.start(start({ plan: { delay: 10 } }))
      const settled = t.rejects(operations.settle(operation) as Promise<Operation>, { message: 'the store is gone' })
      await clock.advance(10)
      await settled
      t.equal(await stored(operation), undefined, 'it is not in progress forever')
      t.ok(await operations.start(start({ plan: { delay: 10 } })))
    })

    t.test(`aborts the run of an operation that cannot be stored (store: ${where})`, async t => {
      const { operations } = create(wrap(failing(new MemoryStore(), { operationsInProgress: ['set'] })))
      let aborted: Promise<unknown> | undefined
      const run = async (context: RunContext) => {
        aborted = once(context.signal, 'abort')
        return await endless(context)
      }
      await t.rejects((async () => await operations.start(start({ run })))(), { message: 'the store is gone' })
      await aborted
      await operations.cancelAll('end of the test')
      t.ok(await operations.start(start({ run: () => ({}) })), 'its resource is free again')
    })
  }
})

t.test('a run that takes turns', async t => {
  const timeout = { ms: 1000, error: () => new OperationError('TimedOut', 'It took too long.') }

  t.test('stays in progress until its turn, when its time limit starts', async t => {
    const { clock, operations, stored } = create()
    const turns = new Turns({ max: 1, onWait () {} })
    const run = async (context: RunContext) => {
      await clock.sleep(900, context.signal)
      return {}
    }
    const limited = { turns, run, plan: { delay: 0, timeout } }
    const first = await operations.start(start(limited))
    const second = await operations.start(start({ ...limited, resourceId: OTHER }))
    await clock.advance(900)
    t.match(await stored(first), { status: 'Succeeded' })
    t.match(await stored(second), { status: 'InProgress' })
    await clock.advance(900)
    t.match(await stored(second), { status: 'Succeeded', endTime: STARTED + 1800 })
  })

  t.test('can be canceled while it waits, and then never starts', async t => {
    const { operations, stored } = create()
    const waited: number[] = []
    const turns = new Turns({ max: 1, onWait: waiting => waited.push(waiting) })
    await operations.start(start({ turns, run: endless }))
    const run = () => t.fail('it started') as never
    const waiting = await operations.start(start({ turns, run, resourceId: OTHER }))
    await operations.cancelAll('stop')
    t.match(await stored(waiting), { status: 'Canceled', error: { message: 'stop' } })
    await operations.start(start({ turns, run: endless }))
    await operations.start(start({ turns, run: endless, resourceId: OTHER }))
    t.same(waited, [1, 1])
    await operations.cancelAll('end of the test')
  })

  t.test('returns its turn, however it ends', async t => {
    const { operations } = create()
    const waited: number[] = []
    const turns = new Turns({ max: 1, onWait: waiting => waited.push(waiting) })
    const runs = [() => ({}), async () => ({}), () => { throw new Error('1') }, async () => { throw new Error('2') }]
    for (const run of runs) await operations.settle(await operations.start(start({ turns, run })))
    t.same(waited, [])
  })
})

t.test('a run that ignores its cancellation', async t => {
  const deaf = () => new Promise<never>(() => {})

  t.test('does not delay the end of its operation beyond the grace period, and is logged', async t => {
    const { operations, stored, warnings } = create(new MemoryStore(), 1)
    const operation = await operations.start(start({ run: deaf }))
    await operations.cancelAll('stop')
    t.match(await stored(operation), { status: 'Canceled', error: { message: 'stop' } })
    matchList(t, warnings, [/^the run of operation id-1 on .*\/vm has not ended 1 ms after it was canceled/])
    t.ok(await operations.start(start({ run: () => ({}) })), 'its resource is free again')
  })

  t.test('does not delay the end of its operation after its time limit either', async t => {
    const { clock, operations } = create(new MemoryStore(), 1)
    const timeout = { ms: 1000, error: () => new OperationError('TimedOut', 'It took too long.') }
    const operation = await operations.start(start({ run: deaf, plan: { delay: 0, timeout } }))
    await clock.advance(1000)
    t.match(await operations.settle(operation), { status: 'Failed', error: { code: 'TimedOut' } })
  })

  t.test('keeps its turn until it really ends', async t => {
    const { operations } = create(new MemoryStore(), 1)
    const waited: number[] = []
    const turns = new Turns({ max: 1, onWait: waiting => waited.push(waiting) })
    await operations.start(start({ turns, run: deaf }))
    await operations.cancelAll('stop')
    await operations.start(start({ turns, run: endless }))
    t.same(waited, [1])
    await operations.cancelAll('end of the test')
  })
})

t.test('a reset', async t => {
  t.test('cancels running operations, clears the store, and then starts the operations that waited for it', async t => {
    const store = new MemoryStore()
    const { operations, stored } = create(store)
    const before = await operations.start(start({ run: endless }))
    const resetting = operations.reset(Scope.everything, 'reset', () => store.clear('/'))
    const meanwhile = operations.start(start({ run: endless }))
    await resetting
    t.equal(await stored(before), undefined)
    t.match(await stored(await meanwhile), { status: 'InProgress' })
    t.throws(() => operations.start(start()), { name: 'ResourceBusy' })
    await operations.cancelAll('end of the test')
  })

  t.test('of a scope cancels the operations there, delays new ones, and does not affect others', async t => {
    const elsewhere = virtualMachineId('s2', 'rg', 'vm')
    const scopes = {
      subscription: [{ subscriptionId: 's' }, [VM, OTHER], [elsewhere]],
      group: [{ subscriptionId: 'S', resourceGroup: 'RG' }, [VM, OTHER], [elsewhere, virtualMachineId('s', 'rg2', 'vm')]],
      machine: [{ subscriptionId: 's', resourceGroup: 'rg', vmName: 'VM' }, [VM], [OTHER, elsewhere]]
    } as const
    for (const wrap of [(store: Store) => store, remote]) {
      for (const [names, inside, outside] of Object.values(scopes)) {
        const store = wrap(new MemoryStore())
        const { operations, stored } = create(store)
        const scope = Scope.of(names)
        const ended = await Promise.all([...inside, ...outside].map(async resourceId =>
          await operations.settle(await operations.start(start({ resourceId })))))
        const running = await Promise.all([...inside, ...outside].map(async resourceId =>
          await operations.start(start({ resourceId, run: endless }))))
        const resetting = operations.reset(scope, 'reset', () => store.clear(scope.prefix))
        const meanwhile = operations.start(start({ run: endless }))
        t.type(meanwhile, Promise)
        const free = virtualMachineId('s3', 'rg', 'vm')
        const unaffected = await operations.start(start({ resourceId: free, run: () => ({}) }))
        t.match(unaffected, { status: 'Succeeded' })
        t.equal(await resetting, 2 * inside.length)
        for (const operation of [...ended.slice(0, inside.length), ...running.slice(0, inside.length)]) {
          t.equal(await stored(operation), undefined)
        }
        for (const operation of ended.slice(inside.length)) t.match(await stored(operation), { status: 'Succeeded' })
        for (const operation of running.slice(inside.length)) t.match(await stored(operation), { status: 'InProgress' })
        t.match(await stored(await meanwhile), { status: 'InProgress' })
        await operations.cancelAll('end of the test')
      }
    }
  })

  t.test('waits for resets of overlapping scopes, and for no others', async t => {
    const { operations } = create()
    const order: string[] = []
    const [one, other] = [Scope.of({ subscriptionId: 's' }), Scope.of({ subscriptionId: 's2' })]
    let open = () => {}
    const gate = new Promise<void>(resolve => { open = resolve })
    const first = operations.reset(one, 'reset', async () => { await gate; order.push('subscription') })
    await operations.reset(other, 'reset', () => { order.push('other') })
    t.same(order, ['other'])
    const later = [
      operations.reset(Scope.everything, 'reset', () => { order.push('everything') }),
      operations.reset(Scope.of({ subscriptionId: 's', resourceGroup: 'rg' }), 'reset', () => { order.push('group') })
    ]
    open()
    await Promise.all([first, ...later])
    t.same(order, ['other', 'subscription', 'everything', 'group'])
  })

  t.test('clears and then rejects if the end of an operation cannot be stored', async t => {
    const { operations } = create(failing(new MemoryStore(), { endedOperations: ['set'] }))
    await operations.start(start({ run: endless }))
    let cleared = 0
    await t.rejects(operations.reset(Scope.everything, 'reset', () => { cleared++ }), { message: 'the store is gone' })
    t.equal(cleared, 1)
    t.match(await operations.start(start({ run: endless })), { status: 'InProgress' })
    await t.rejects(operations.cancelAll('end of the test'))
  })

  t.test('during starts leaves no operation that cannot be found and no resource that stays busy', async t => {
    const machines = [1, 2, 3].map(number => virtualMachineId('s', 'rg', `vm${number}`))
    const turnsOf = fc.array(fc.nat({ max: 6 }), { minLength: 40, maxLength: 40 })
    const steps = fc.array(fc.constantFrom('start', 'start', 'start', 'reset', 'reset of a machine', 'turn'), { maxLength: 25 })
    await t.resolves(fc.assert(fc.asyncProperty(turnsOf, steps, async (turns, steps) => {
      const store = new MemoryStore()
      const slowStore = slow(store, turns)
      const { operations, stored } = create(slowStore)
      const pending: Promise<unknown>[] = []
      const started: Operation[] = []
      for (const [index, step] of steps.entries()) {
        if (step === 'turn') await setImmediate()
        else if (step === 'reset of a machine') {
          const scope = Scope.of({ subscriptionId: 's', resourceGroup: 'rg', vmName: machines[index % machines.length]!.name })
          pending.push(operations.reset(scope, 'reset', () => slowStore.clear(scope.prefix)))
        } else if (step === 'reset') pending.push(operations.reset(Scope.everything, 'reset', () => slowStore.clear('/')))
        else {
          const resourceId = machines[index % machines.length]!
          const starting = (async () => started.push(await operations.start(start({ resourceId, run: endless }))))()
          pending.push(starting.catch(() => {}))
        }
      }
      await Promise.all(pending)
      const found = (await Promise.all(started.map(stored))).filter(operation => operation?.status === 'InProgress')
      const claims = store.records<{ operationId: string }>('claims').list('/') as { operationId: string }[]
      t.same(claims.map(({ operationId }) => operationId).sort(), found.map(operation => operation!.id).sort())
      t.same(store.records<Operation>('operationsInProgress').list('/'), found)
      await operations.cancelAll('end of the test')
      t.same(store.records('claims').list('/'), [])
      t.same(store.records('operationsInProgress').list('/'), [])
    }), { numRuns: 200 }))
  })
})

t.test('operations with different claims can run on one resource at the same time; with the same claim they cannot', async t => {
  const { operations } = create()
  const claim = { collectionKey: `${VM.collectionKey}/${VM.nameKey}`, nameKey: 'power' }
  await operations.start(start({ run: endless }))
  await operations.start(start({ run: endless, claim }))
  t.throws(() => operations.start(start({ claim })), { name: 'ResourceBusy' })
  await operations.cancelAll('end')
  t.match(await operations.start(start({ claim, run: () => ({}) })), { status: 'Succeeded' })
})

t.test('ended is called before the end of the operation is stored', async t => {
  for (const run of [() => ({}), async () => ({})]) {
    const { operations, stored } = create()
    const seen: unknown[] = []
    const ended = async (operation: Operation) => {
      seen.push(operation.status, await stored(operation))
    }
    const operation = await operations.settle(await operations.start(start({ run, ended })))
    matchList(t, seen, ['Succeeded', run().constructor === Object ? undefined : { status: 'InProgress' }])
    t.equal(operation.status, 'Succeeded')
  }
})

t.test('an operation frees its resource if its ended callback fails', async t => {
  const { operations } = create()
  const ended = () => { throw new Error('no place') }
  t.throws(() => operations.start(start({ run: () => ({}), ended })), { message: 'no place' })
  const operation = await operations.start(start({ ended }))
  await t.rejects(async () => await operations.settle(operation), { message: 'no place' })
  t.match(await operations.start(start({ run: () => ({}) })), { status: 'Succeeded' })
})

t.test('cancel cancels only the matching operations, for the given reason', async t => {
  const { operations, stored } = create()
  const one = await operations.start(start({ run: endless }))
  const other = await operations.start(start({ run: endless, resourceId: OTHER }))
  t.equal(operations.cancel(({ action }) => action === 'another', new OperationError('Gone', 'It has gone.')), undefined)
  await operations.cancel(({ resourceId }) => resourceId === VM, new OperationError('Gone', 'It has gone.'))
  t.match(await stored(one), { status: 'Failed', error: { code: 'Gone', message: 'It has gone.' } })
  t.match(await stored(other), { status: 'InProgress' })
  await operations.cancelAll('end')
})
