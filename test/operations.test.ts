import { once } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import { VirtualClock } from '../src/core/clock.js'
import { OperationError } from '../src/core/operation.js'
import { MemoryOperationStore, type OperationStore } from '../src/core/operation-store.js'
import { Operations, type OperationStart } from '../src/core/operations.js'

const START = new Date('2020-10-12T11:06:10.506Z')

function create (store: OperationStore = new MemoryOperationStore()) {
  let count = 0
  const clock = new VirtualClock(START)
  return { clock, operations: new Operations({ clock, store, newId: () => `id-${++count}` }) }
}

function plan (given: Partial<OperationStart> = {}): OperationStart {
  return {
    scope: { subscriptionId: 's', location: 'westus' },
    target: 'vm',
    plan: { delay: 0 },
    work: async () => 'output',
    ...given
  }
}

/** Work that goes on until it is told to stop. */
const endless = ({ signal }: AbortController) => once(signal, 'abort').then(() => { throw signal.reason })

t.test('an operation is in progress when it has been started', async t => {
  const { operations } = create()
  const operation = await operations.start(plan({ work: endless }))
  const expected = { id: 'id-1', subscriptionId: 's', location: 'westus', startTime: START, status: 'InProgress' }
  t.strictSame(operation, expected)
  t.strictSame(await operations.get('id-1'), expected)
  await operations.cancelAll('end of the test')
})

t.test('it succeeds with what the work resolves to', async t => {
  const { operations } = create()
  const operation = await operations.start(plan())
  const settled = await operations.settle(operation)
  t.match(settled, { id: 'id-1', status: 'Succeeded', startTime: START, endTime: START, output: 'output' })
  t.strictSame(await operations.get('id-1'), settled)
})

t.test('it is over when it begins where its output is known', async t => {
  const { operations } = create()
  const work = async () => t.fail('there is nothing to do')
  const operation = await operations.start(plan({ answer: () => 'known', work }))
  t.strictSame(operation, {
    id: 'id-1', subscriptionId: 's', location: 'westus', startTime: START, status: 'Succeeded', endTime: START, output: 'known'
  })
  t.strictSame(await operations.get('id-1'), operation)
  t.notOk(operations.isBusy('vm'))
})

t.test('it does the work where its output is not known', async t => {
  const { operations } = create()
  const operation = await operations.start(plan({ answer: () => undefined }))
  t.match(operation, { status: 'InProgress' })
  t.match(await operations.settle(operation), { status: 'Succeeded', output: 'output' })
})

t.test('it stays in progress for the delay, even if its output is known', async t => {
  const { clock, operations } = create()
  const operation = await operations.start(plan({ plan: { delay: 30_000 }, answer: () => t.fail('it is too early') }))
  t.match(operation, { status: 'InProgress' })
  t.ok(operations.isBusy('vm'))
  await clock.advance(30_000)
  t.match(await operations.get(operation.id), { status: 'Succeeded', output: 'output' })
})

t.test('it fails at once where it is known that it will', async t => {
  const { operations } = create()
  const operation = await operations.start(plan({ answer: () => { throw new OperationError('Code', 'text') } }))
  t.match(operation, { status: 'Failed', endTime: START, error: { code: 'Code', message: 'text' } })
  t.strictSame(await operations.get('id-1'), operation)
})

t.test('it keeps the scope that it was started in, whoever came before', async t => {
  const { operations } = create()
  const scopes = [['s', 'westus'], ['s', 'westus'], ['other', 'westus'], ['other', 'eastus'], ['s', 'westus']] as const
  for (const [subscriptionId, location] of scopes) {
    const operation = await operations.start(plan({ scope: { subscriptionId, location } }))
    t.match(operation, { subscriptionId, location })
    await operations.settle(operation)
  }
})

t.test('it stays in progress for the delay, even if the work is done', async t => {
  const { clock, operations } = create()
  const operation = await operations.start(plan({ plan: { delay: 30_000 } }))
  await clock.advance(29_999)
  t.match(await operations.get(operation.id), { status: 'InProgress' })
  await clock.advance(1)
  t.match(await operations.get(operation.id), { status: 'Succeeded', endTime: new Date(START.getTime() + 30_000) })
})

t.test('it stays in progress for the work, even if the delay is over', async t => {
  const { clock, operations } = create()
  const operation = await operations.start(plan({ plan: { delay: 10 }, work: () => clock.sleep(50) }))
  await clock.advance(49)
  t.match(await operations.get(operation.id), { status: 'InProgress' })
  await clock.advance(1)
  t.match(await operations.get(operation.id), { status: 'Succeeded' })
})

t.test('a target is busy until its operation has ended, the delay included', async t => {
  const { clock, operations } = create()
  t.notOk(operations.isBusy('vm'))
  const starting = operations.start(plan({ plan: { delay: 10 } }))
  t.ok(operations.isBusy('vm'), 'at once, before anything is waited for')
  await starting
  await clock.advance(9)
  t.ok(operations.isBusy('vm'))
  t.notOk(operations.isBusy('another'))
  await clock.advance(1)
  t.notOk(operations.isBusy('vm'))
})

const failures: Record<string, { work: OperationStart['work'], error: object }> = {
  'rejects with an OperationError': {
    work: async () => { throw new OperationError('Code', 'message') },
    error: { code: 'Code', message: 'message' }
  },
  'rejects with another error': {
    work: async () => { throw new Error('broken') },
    error: { code: 'InternalExecutionError', message: 'broken' }
  },
  'rejects with what is no error': {
    work: () => Promise.reject(Object.create(null, { toString: { value: () => 'text' } })),
    error: { code: 'InternalExecutionError', message: 'text' }
  },
  'rejects with nothing': {
    work: () => Promise.reject(undefined), // eslint-disable-line prefer-promise-reject-errors
    error: { code: 'InternalExecutionError', message: 'undefined' }
  },
  'throws before it promises anything': {
    work: () => { throw new OperationError('Code', 'at once') },
    error: { code: 'Code', message: 'at once' }
  }
}

for (const [what, { work, error }] of Object.entries(failures)) {
  t.test(`work that ${what} fails the operation, after the delay, and frees the target`, async t => {
    const { clock, operations } = create()
    const operation = await operations.start(plan({ work, plan: { delay: 5 } }))
    await setImmediate()
    t.match(await operations.get(operation.id), { status: 'InProgress' })
    await clock.advance(5)
    const ended = await operations.get(operation.id)
    t.match(ended, { status: 'Failed', endTime: clock.now() })
    t.strictSame(ended?.status === 'Failed' && ended.error, error)
    t.notOk(operations.isBusy('vm'))
  })
}

t.test('settling', async t => {
  t.test('waits for the end, however many wait', async t => {
    const { clock, operations } = create()
    const operation = await operations.start(plan({ plan: { delay: 1000 } }))
    const waiting = [1, 2, 3].map(() => operations.settle(operation))
    await clock.advance(1000)
    for (const settled of await Promise.all(waiting)) t.match(settled, { status: 'Succeeded' })
  })

  t.test('waits no longer than it is told', async t => {
    const { clock, operations } = create()
    const operation = await operations.start(plan({ plan: { delay: 1000 } }))
    const waiting = operations.settle(operation, 100)
    await clock.advance(100)
    t.equal(await waiting, operation)
    t.equal(await operations.settle(operation, 0), operation)
    await clock.advance(900)
  })

  t.test('answers as soon as the operation ends', async t => {
    const { clock, operations } = create()
    const operation = await operations.start(plan({ plan: { delay: 10 } }))
    const waiting = operations.settle(operation, 60_000)
    await clock.advance(10)
    t.match(await waiting, { status: 'Succeeded' })
  })

  t.test('answers the end to whoever holds an older state', async t => {
    const { operations } = create()
    const older = await operations.start(plan())
    await operations.settle(older)
    t.match(await operations.settle(older), { status: 'Succeeded' })
    t.match(await operations.settle(older, 100), { status: 'Succeeded' })
  })

  t.test('answers what has ended as it is', async t => {
    const { operations } = create()
    const ended = await operations.settle(await operations.start(plan()))
    t.equal(await operations.settle(ended), ended)
  })
})

t.test('cancelling ends what runs, delayed or working, with the message given', async t => {
  const { operations } = create()
  const working = await operations.start(plan({ work: endless, target: 'a' }))
  const delayed = await operations.start(plan({ plan: { delay: 1000 }, target: 'b' }))
  const waiting = operations.settle(working)
  await operations.cancelAll('azrun was stopped.')
  const error = { code: 'OperationCanceled', message: 'azrun was stopped.' }
  t.match(await waiting, { status: 'Canceled', error })
  t.match(await operations.get(delayed.id), { status: 'Canceled', error })
  t.notOk(operations.isBusy('a'))
  t.notOk(operations.isBusy('b'))
})

t.test('cancelling waits for work that takes its time to stop', async t => {
  const { operations } = create()
  let stopped = false
  const work = (controller: AbortController) => endless(controller).catch(async () => {
    await setImmediate()
    stopped = true
  })
  const operation = await operations.start(plan({ work }))
  await operations.cancelAll('stop')
  t.ok(stopped)
  t.match(await operations.get(operation.id), { status: 'Canceled' })
})

t.test('cancelling leaves what has ended alone', async t => {
  const { operations } = create()
  const operation = await operations.settle(await operations.start(plan()))
  await operations.cancelAll('stop')
  t.strictSame(await operations.get(operation.id), operation)
})

t.test('a reset cancels what runs and forgets everything', async t => {
  const { operations } = create()
  const ended = await operations.settle(await operations.start(plan()))
  const running = await operations.start(plan({ work: endless }))
  const waiting = operations.settle(running)
  await operations.reset()
  t.match(await waiting, { status: 'Canceled', error: { code: 'OperationCanceled', message: /reset/ } })
  t.equal(await operations.get(ended.id), undefined)
  t.equal(await operations.get(running.id), undefined)
  t.notOk(operations.isBusy('vm'))
  t.match(await operations.settle(await operations.start(plan())), { status: 'Succeeded' })
})

t.test('a reset also cancels what is only being started', async t => {
  const { operations } = create()
  let begun = false
  const starting = operations.start(plan({ work: async () => { begun = true } }))
  await operations.reset()
  const operation = await starting
  await setImmediate()
  t.notOk(begun)
  t.notOk(operations.isBusy('vm'))
  t.equal(await operations.get(operation.id), undefined)
})

t.test('the newest operations are kept, whatever their number', async t => {
  const { operations } = create(new MemoryOperationStore(100))
  for (let i = 0; i < 350; i++) await operations.settle(await operations.start(plan()))
  t.equal(await operations.get('id-250'), undefined)
  for (let i = 251; i <= 350; i++) t.match(await operations.get(`id-${i}`), { status: 'Succeeded' })
})

t.test('the newest are kept where ids are of one hash', async t => {
  // FNV-1a takes the ids of each pair for the same.
  const pairs = [['costarring', 'liquid'], ['liquid', 'costarring'], ['declinate', 'macallums'], ['macallums', 'declinate']] as const
  for (const [older, newer] of pairs) {
    const store = new MemoryOperationStore(2)
    const begun = { subscriptionId: 's', location: 'westus', startTime: START, status: 'InProgress' } as const
    for (const id of ['first', older, newer]) await store.put({ ...begun, id })
    t.equal(await store.get('first'), undefined)
    for (const id of [older, newer]) t.match(await store.get(id), { id })
    await store.put({ ...begun, id: 'next' })
    t.equal(await store.get(older), undefined)
    t.match(await store.get(newer), { id: newer })
    await store.put({ ...begun, id: older })
    t.equal(await store.get(newer), undefined)
    t.match(await store.get(older), { id: older })
  }
})

t.test('an operation that ends after newer ones have displaced it can be found again', async t => {
  const { clock, operations } = create(new MemoryOperationStore(2))
  const slow = await operations.start(plan({ plan: { delay: 10 }, target: 'slow' }))
  for (let i = 0; i < 5; i++) await operations.settle(await operations.start(plan()))
  t.equal(await operations.get(slow.id), undefined)
  await clock.advance(10)
  t.match(await operations.get(slow.id), { status: 'Succeeded' })
})
