import { EventEmitter, once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { createEmulator, MemoryStore, type Emulator, type Executor } from '../../../../src/index.js'
import { AUTHORIZATION, build, get, SUBSCRIPTION } from '../../../harness/emulator.js'
import { isGone, until } from '../../../harness/execution.js'
import { ended, managed, properties, put, type ManagedTarget } from '../../../harness/managed.js'
import { failing, slow } from '../../../harness/remote-store.js'

const SHELL = { executor: 'shell', logLevel: 'silent', maxScripts: 100 } as const
const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg`
const MACHINE = `${GROUP}/providers/Microsoft.Compute/virtualMachines/vm`
const ASYNC = { asyncExecution: true }

/** Scripts that write their process ids to files with their names. */
class Scripts {
  readonly #directory: string

  constructor (t: Test) {
    this.#directory = t.testdir({})
  }

  /** A script that runs until it is killed. */
  endless (name: string): string {
    const file = `${this.#directory}/${name}`
    return `echo ${name}; sleep 600 & echo "$$ $!" >${file}.new; mv ${file}.new ${file}; wait`
  }

  async started (...names: string[]): Promise<void> {
    await until(() => names.every(name => existsSync(`${this.#directory}/${name}`)))
  }

  /** Waits until all processes are gone, because a killed one may take a moment. */
  async gone (): Promise<void> {
    await until(() => readdirSync(this.#directory)
      .flatMap(name => readFileSync(`${this.#directory}/${name}`, 'utf8').split(' ')).every(pid => isGone(Number(pid))))
  }
}

async function call ({ app }: Emulator, method: 'POST' | 'DELETE', path: string) {
  return await app.inject({ method, url: `${path}?api-version=2021-04-01`, headers: AUTHORIZATION })
}

/** Starts a script with each name, every other one asynchronously, and waits until they run. */
async function startAll (emulator: Emulator, scripts: Scripts, names: readonly string[], target: ManagedTarget = {}) {
  const responses = await Promise.all(names.map(async (name, index) =>
    await put(emulator, scripts.endless(name), { ...target, name, properties: index % 2 === 0 ? {} : ASYNC })))
  await scripts.started(...names)
  return responses
}

t.test('powerOff, deallocate, restart and redeploy end all run commands of a machine, asynchronous or not', async t => {
  for (const action of ['powerOff', 'deallocate', 'restart', 'redeploy']) {
    const emulator = await build(t, SHELL)
    const scripts = new Scripts(t)
    const [first, second] = await startAll(emulator, scripts, ['a', 'b', 'c', 'd'])
    t.match(await ended(emulator, await call(emulator, 'POST', `${MACHINE}/${action}`)), { status: 'Succeeded' }, action)
    await scripts.gone()
    t.match(await ended(emulator, first!), { status: 'Failed', error: { code: 'VMAgentStatusCommunicationError' } }, action)
    t.match(await ended(emulator, second!), { status: 'Succeeded' }, action)
    for (const [name, provisioningState] of [['a', 'Failed'], ['b', 'Succeeded'], ['c', 'Failed'], ['d', 'Succeeded']] as const) {
      t.match(await properties(emulator, { name }), { provisioningState, instanceView: { executionState: 'Failed', exitCode: -1 } })
    }
  }
})

t.test('a PUT during powerOff is refused, or its script ends', async t => {
  const emulator = await build(t, SHELL)
  const scripts = new Scripts(t)
  await startAll(emulator, scripts, ['a'])
  const [again, off, other] = await Promise.all([
    put(emulator, `${scripts.endless('a')} # again`, { name: 'a' }),
    call(emulator, 'POST', `${MACHINE}/powerOff`),
    put(emulator, scripts.endless('b'), { name: 'b' })
  ])
  await ended(emulator, off)
  for (const response of [again, other]) {
    if (response.statusCode < 300) t.match(await ended(emulator, response), { status: 'Failed' })
    else t.equal(response.statusCode, 409)
  }
  await scripts.gone()
  const { value } = (await managed(emulator, 'GET', {})).json()
  t.ok(value.some(({ name }: { readonly name: string }) => name === 'a'))
  for (const { properties: { provisioningState } } of value) t.equal(provisioningState, 'Failed')
})

t.test('removing a machine cancels and deletes its run commands', async t => {
  const declared = { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'vm' }
  const emulator = await build(t, { ...SHELL, virtualMachines: [declared, { ...declared, name: 'other' }] })
  const scripts = new Scripts(t)
  const [first] = await startAll(emulator, scripts, ['a', 'b'])
  await put(emulator, 'echo', { vmName: 'other', name: 'kept' })
  const url = `/_emulator/virtualMachines/${SUBSCRIPTION}/rg/vm`
  t.equal((await emulator.app.inject({ method: 'DELETE', url })).statusCode, 204)
  await scripts.gone()
  t.match(await ended(emulator, first!), { status: 'Canceled' })
  t.equal((await managed(emulator, 'GET', { name: 'a' })).json().error.code, 'ParentResourceNotFound')
  await emulator.app.inject({ method: 'PUT', url, body: {} })
  t.same((await managed(emulator, 'GET', {})).json().value, [], 'a new machine with the same name has no run commands')
  t.equal((await managed(emulator, 'GET', { vmName: 'other' })).json().value.length, 1)
})

t.test('deleting a resource group ends and deletes its run commands', async t => {
  const emulator = await build(t, SHELL)
  const scripts = new Scripts(t)
  const [first] = await startAll(emulator, scripts, ['a', 'b'])
  await startAll(emulator, scripts, ['c', 'd'], { vmScaleSetName: 'ss' })
  const { headers: { location } } = await call(emulator, 'DELETE', GROUP)
  t.equal((await get(emulator, location as string)).statusCode, 200)
  await scripts.gone()
  t.match(await ended(emulator, first!), { status: 'Failed', error: { code: 'OperationPreempted' } })
  t.match(await emulator.reset(), { runCommands: 0 })
})

/** The maximum number of run commands of a machine. */
const MANY = Array.from({ length: 25 }, (_, index) => `c${index}`)

for (const end of ['reset', 'close'] as const) {
  t.test(`${end}() ends fifty running scripts`, async t => {
    const emulator = await createEmulator(SHELL)
    if (end !== 'close') t.teardown(() => emulator.close())
    const scripts = new Scripts(t)
    await startAll(emulator, scripts, MANY)
    await startAll(emulator, scripts, MANY.map(name => `${name}-2`), { vmName: 'vm2' })
    await emulator[end]()
    await scripts.gone()
    if (end === 'reset') t.same((await managed(emulator, 'GET', {})).json().value, [])
  })
}

t.test('a PUT during the deletion of its resource group is refused, or its script ends', async t => {
  const emulator = await build(t, { ...SHELL, delay: 50 })
  const scripts = new Scripts(t)
  await startAll(emulator, scripts, ['a'])
  const [again, { headers: { location } }] = await Promise.all([
    put(emulator, `${scripts.endless('a')} # again`, { name: 'a' }),
    call(emulator, 'DELETE', GROUP)
  ])
  for (const refused of [again, await put(emulator, scripts.endless('b'), { name: 'b' })]) {
    t.same([refused.statusCode, refused.json().error.code], [409, 'ResourceGroupBeingDeleted'])
  }
  t.equal((await get(emulator, location as string)).statusCode, 200)
  await scripts.gone()
  t.match(await emulator.reset(), { runCommands: 0 })
})

t.test('a PUT that waits for an earlier run does not run if its resource group is deleted meanwhile', async t => {
  const happens = new EventEmitter()
  const [aborted, mayEnd] = [once(happens, 'aborted'), once(happens, 'mayEnd')]
  const run: string[] = []
  const executor: Executor = {
    async execute ({ script }, { signal }) {
      run.push(script)
      await once(signal, 'abort')
      happens.emit('aborted')
      await mayEnd
      throw signal.reason
    }
  }
  const emulator = await build(t, { executor, logLevel: 'silent' })
  await put(emulator, 'first')
  const putting = put(emulator, 'second')
  await aborted
  const deleting = call(emulator, 'DELETE', GROUP)
  happens.emit('mayEnd')
  const [second, { headers: { location } }] = await Promise.all([putting, deleting])
  t.equal(second.statusCode, 200)
  t.equal((await get(emulator, location as string)).statusCode, 200)
  t.strictSame(run, ['first'], 'the second does not run on a machine that is gone')
})

t.test('the last of thirty concurrent PUTs with the same name preempts the others', async t => {
  const emulator = await build(t, SHELL)
  const scripts = new Scripts(t)
  const all = Array.from({ length: 30 }, (_, index) => `s${index}`)
  const responses = await Promise.all(all.map(async name => await put(emulator, scripts.endless(name))))
  t.same(responses.map(({ statusCode }) => statusCode), all.map((_, index) => index === 0 ? 201 : 200))
  await scripts.started('s29')
  for (const response of responses.slice(0, -1)) {
    t.match(await ended(emulator, response), { status: 'Failed', error: { code: 'OperationPreempted' } })
  }
  t.match(await properties(emulator), { provisioningState: 'Updating', instanceView: { executionState: 'Running' } })
  await ended(emulator, await managed(emulator, 'DELETE', { name: 'cmd' }))
  await scripts.gone()
})

t.test('a PATCH of only the tags leaves a script running, and any other PATCH preempts it', async t => {
  const emulator = await build(t, SHELL)
  const scripts = new Scripts(t)
  const [created] = await startAll(emulator, scripts, ['cmd'])
  const tagged = await managed(emulator, 'PATCH', { name: 'cmd' }, { tags: { a: '1' } })
  t.match(await ended(emulator, tagged), { status: 'Succeeded' })
  t.match((await managed(emulator, 'GET', { name: 'cmd', expand: true })).json(),
    { tags: { a: '1' }, properties: { provisioningState: 'Creating', instanceView: { executionState: 'Running' } } })
  const patched = await managed(emulator, 'PATCH', { name: 'cmd' }, { properties: { source: { script: 'echo patched' } } })
  t.match(await ended(emulator, created!), { status: 'Failed', error: { code: 'OperationPreempted' } })
  t.match(await ended(emulator, patched), { status: 'Succeeded' })
  t.match(await properties(emulator), { instanceView: { output: 'patched\n' } })
  await scripts.gone()
})

t.test('a second DELETE and a PATCH of the tags succeed during a deletion, and the run command is deleted', async t => {
  const emulator = await build(t, { logLevel: 'silent', delay: 20 })
  await ended(emulator, await put(emulator, 'echo'))
  const [first, second] = [await managed(emulator, 'DELETE', { name: 'cmd' }), await managed(emulator, 'DELETE', { name: 'cmd' })]
  t.equal((await properties(emulator)).provisioningState, 'Deleting')
  const tagged = await managed(emulator, 'PATCH', { name: 'cmd' }, { tags: { a: '1' } })
  t.equal(tagged.statusCode, 200)
  for (const response of [first, second, tagged]) t.match(await ended(emulator, response), { status: 'Succeeded' })
  t.equal((await managed(emulator, 'GET', { name: 'cmd' })).statusCode, 404)
})

t.test('a PUT during a deletion preempts it and runs the script, even without a change', async t => {
  const emulator = await build(t, { logLevel: 'silent', delay: 20 })
  for (const script of ['echo', 'echo 2']) {
    await ended(emulator, await put(emulator, 'echo'))
    const deleted = await managed(emulator, 'DELETE', { name: 'cmd' })
    const again = await put(emulator, script)
    t.match(await ended(emulator, deleted), { status: 'Failed', error: { code: 'OperationPreempted' } })
    t.match(await ended(emulator, again), { status: 'Succeeded' })
    t.match(await properties(emulator), { source: { script }, provisioningState: 'Succeeded', instanceView: { executionState: 'Succeeded' } })
  }
})

t.test('a slow store runs, changes and deletes run commands like one in memory', async t => {
  const emulator = await build(t, { ...SHELL, store: slow(new MemoryStore(), [0, 3, 1, 2]) })
  const scripts = new Scripts(t)
  const [first] = await startAll(emulator, scripts, ['a', 'b'])
  const [tagged, again] = await Promise.all([managed(emulator, 'PATCH', { name: 'a' }, { tags: { x: '1' } }), put(emulator, 'echo again', { name: 'a' })])
  t.match(await ended(emulator, tagged), { status: 'Succeeded' })
  t.match(await ended(emulator, first!), { status: 'Failed', error: { code: 'OperationPreempted' } })
  t.match(await ended(emulator, again), { status: 'Succeeded' })
  t.match(await properties(emulator, { name: 'a' }), { provisioningState: 'Succeeded', instanceView: { output: 'again\n' } })
  for (const name of ['a', 'b']) await ended(emulator, await managed(emulator, 'DELETE', { name }))
  t.same((await managed(emulator, 'GET', {})).json().value, [])
  await scripts.gone()
})

t.test('a failed claim in the store leaves the run command unchanged', async t => {
  const methods: Record<string, ['add']> = {}
  const emulator = await build(t, { ...SHELL, store: failing(new MemoryStore(), methods) })
  await ended(emulator, await put(emulator, 'echo 1'))
  methods['claims'] = ['add']
  t.equal((await put(emulator, 'echo 2')).statusCode, 500)
  t.equal((await put(emulator, 'echo 2', { name: 'other' })).statusCode, 500)
  t.match(await properties(emulator), { source: { script: 'echo 1' }, provisioningState: 'Succeeded', instanceView: { output: '1\n' } })
  t.equal((await managed(emulator, 'GET', {})).json().value.length, 1)
})
