import t from 'tap'
import { createIds } from '../../src/core/ids.js'
import { silentLog } from '../../src/core/log.js'
import type { MaybePromise } from '../../src/core/maybe-promise.js'
import { seededRandom } from '../../src/core/random.js'
import { virtualMachineId } from '../../src/core/resource-id.js'
import type { Operation } from '../../src/operations/operation.js'
import { Operations } from '../../src/operations/operations.js'
import { MemoryStore } from '../../src/stores/memory.js'
import { VirtualClock } from '../../src/time/virtual-clock.js'
import { cpuFor } from '../harness/cpu.js'
import { heapUsed } from '../harness/heap.js'

const DAY = 24 * 60 * 60_000
const MINUTE = 60_000

function create () {
  const clock = new VirtualClock()
  const newId = createIds(seededRandom(1))
  const operations = new Operations({ clock, store: new MemoryStore(), log: silentLog, newId })
  const start = async (name: string) => await operations.start({
    action: 'Microsoft.Compute/virtualMachines/runCommand/action',
    resourceId: virtualMachineId('s', 'rg', name),
    location: 'westus',
    plan: { delay: MINUTE },
    run: () => ({})
  })
  return { clock, operations, start }
}

/** Starts `count` operations at equal intervals over a virtual day. Returns how many succeeded. */
async function day (count: number): Promise<number> {
  const { clock, operations, start } = create()
  const settled: MaybePromise<Operation>[] = []
  const starting = (async () => {
    for (let number = 0; number < count; number++) {
      const operation = await start(`vm${number % 1000}`)
      settled.push(operations.settle(operation))
      await clock.sleep(DAY / count)
    }
  })()
  await clock.advance('1d')
  await starting
  await clock.untilIdle()
  return (await Promise.all(settled)).filter(({ status }) => status === 'Succeeded').length
}

t.test('the time for a virtual day grows in proportion to its operations, and memory does not grow', async t => {
  await day(2_000)
  const heap = heapUsed()
  const few = await cpuFor(async () => t.equal(await day(1_000), 1_000))
  const many = await cpuFor(async () => t.equal(await day(10_000), 10_000))
  t.ok(many / few < 50, `${(many / few).toFixed(1)} times the CPU`)
  t.ok(heapUsed() - heap < 16_000_000)
})

t.test('10,000 polls held at the same time all get the end of their operations, and nothing sleeps afterwards', async t => {
  const { clock, operations, start } = create()
  const started = await Promise.all(Array.from({ length: 1000 }, (_, number) => start(`vm${number}`)))
  const polls = Array.from({ length: 10_000 }, (_, number) => operations.settle(started[number % 1000]!, 2 * MINUTE))
  t.equal(clock.next()?.getTime(), clock.now().getTime() + MINUTE)
  await clock.advance('1m')
  const ended = await Promise.all(polls)
  t.equal(ended.filter(({ status }) => status === 'Succeeded').length, 10_000)
  t.equal(clock.next(), undefined)
})
