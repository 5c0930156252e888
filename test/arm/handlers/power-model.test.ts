import t from 'tap'
import { VirtualClock } from '../../../src/time/virtual-clock.js'
import { choicesOf } from '../../harness/choices.js'
import { API_VERSION, AUTHORIZATION, build, get, SUBSCRIPTION } from '../../harness/emulator.js'

const SET = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachineScaleSets/ss`
const DELAY = 60_000
const IDS = ['0', '1'] as const

type Id = typeof IDS[number]
type Verb = keyof typeof ENDS

/** How each action ends. */
const ENDS = { start: 'running', restart: 'running', powerOff: 'stopped', deallocate: 'deallocated' } as const

/** The actions that each one preempts (docs/operations.md, `power: one after the other`). */
const PREEMPTED: Readonly<Record<Verb, readonly Verb[]>> =
  { start: [], restart: [], powerOff: ['start', 'restart'], deallocate: ['start', 'restart', 'powerOff'] }

interface Change {
  readonly verb: Verb
  /** The resource of the operation: an instance, or the set. */
  readonly on: Id | 'set'
  readonly ids: readonly Id[]
  readonly end: number
  status: 'InProgress' | 'Succeeded' | 'Failed'
}

/** The power of two instances by the rules of docs/operations.md, with plain lists. */
class Model {
  now = 0
  readonly changes: Change[] = []
  readonly #states = { 0: 'running', 1: 'running' }

  /** What the instance view shows. */
  stateOf (id: Id): string {
    return this.#changeOf(id)?.verb ?? this.#states[id]
  }

  /** The status of the response. `isLenient`: instances that Azure would refuse are skipped. */
  act (verb: Verb, on: Id | 'set', ids: readonly Id[], isLenient: boolean): number {
    const refused = ids.filter(id => this.#isRefused(verb, id))
    if (refused.length > 0 && !isLenient) return 409
    const concerned = ids.filter(id => !refused.includes(id) && (verb === 'restart' || this.stateOf(id) !== ENDS[verb]))
    for (const id of concerned) this.#preempt(this.#changeOf(id))
    if (this.#inProgress.some(change => change.on === on)) return 409
    const isIdle = concerned.length === 0
    const status = isIdle ? 'Succeeded' : 'InProgress'
    this.changes.push({ verb, on, ids: concerned, end: this.now + DELAY, status })
    return 202
  }

  advance (ms: number): void {
    this.now += ms
    for (const change of this.#inProgress) {
      if (change.end > this.now) continue
      change.status = 'Succeeded'
      for (const id of change.ids) this.#states[id] = ENDS[change.verb]
    }
  }

  get #inProgress (): Change[] {
    return this.changes.filter(({ status }) => status === 'InProgress')
  }

  #changeOf (id: Id): Change | undefined {
    return this.#inProgress.find(({ ids }) => ids.includes(id))
  }

  #isRefused (verb: Verb, id: Id): boolean {
    const current = this.#changeOf(id)?.verb
    if (verb === 'powerOff' && (current === 'deallocate' || this.stateOf(id) === 'deallocated')) return true
    if (current !== undefined) return !PREEMPTED[verb].includes(current)
    return verb === 'restart' && this.#states[id] !== 'running'
  }

  #preempt (change: Change | undefined): void {
    if (change !== undefined) change.status = 'Failed'
  }
}

/** What the statuses of an instance view are called during each action. */
const SHOWN: Readonly<Record<string, string>> =
  { start: 'starting', restart: 'running', powerOff: 'stopping', deallocate: 'deallocating' }

t.test('random power actions on a scale set and its instances have the results of the documented rules', async t => {
  for (let seed = 0; seed < 12; seed++) {
    const { chance, pick } = choicesOf(seed)
    const clock = new VirtualClock()
    const emulator = await build(t, { clock, delay: DELAY, pace: 'azure' })
    const model = new Model()
    const urls: string[] = []
    const steps: string[] = []
    for (let step = 0; step < 12; step++) {
      const verb = pick(Object.keys(ENDS) as Verb[])
      const on = pick([...IDS, 'set', 'set'] as const)
      const instanceIds = on === 'set' && chance(0.5) ? [pick(IDS)] : undefined
      const ids = on === 'set' ? instanceIds ?? IDS : [on]
      const url = `${SET}${on === 'set' ? '' : `/virtualMachines/${on}`}/${verb}?api-version=${API_VERSION}`
      const { statusCode, headers } = await emulator.app.inject({
        method: 'POST', url, headers: AUTHORIZATION, ...instanceIds !== undefined && { body: { instanceIds } }
      })
      if (statusCode === 202) urls.push(`${headers['azure-asyncoperation']}`)
      const ms = pick([0, 20_000, 60_000])
      steps.push(`${verb} ${on} ${instanceIds ?? ''}, ${ms} ms`)
      const expected = model.act(verb, on, ids, on === 'set' && instanceIds === undefined)
      await clock.advance(ms)
      model.advance(ms)
      const found = await Promise.all(IDS.map(async id => {
        const { statuses } = (await get(emulator, `${SET}/virtualMachines/${id}/instanceView?api-version=${API_VERSION}`)).json()
        return statuses.at(-1).code.replace('PowerState/', '')
      }))
      const wanted = IDS.map(id => SHOWN[model.stateOf(id)] ?? model.stateOf(id))
      if (`${[statusCode, ...found]}` !== `${[expected, ...wanted]}`) t.strictSame([statusCode, ...found], [expected, ...wanted], steps.join('; '))
    }
    const statuses = await Promise.all(urls.map(async url => (await get(emulator, url)).json().status))
    t.strictSame(statuses, model.changes.map(({ status }) => status), steps.join('; '))
  }
})
