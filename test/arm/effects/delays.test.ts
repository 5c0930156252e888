import { PassThrough } from 'node:stream'
import t, { type Test } from 'tap'
import type { Emulator, EmulatorOptions } from '../../../src/index.js'
import { AUTHORIZATION, build, instancePath, SUBSCRIPTION } from '../../harness/emulator.js'
import { WatchedClock } from '../../harness/watched-clock.js'

const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg`
const VM = `${GROUP}/providers/Microsoft.Compute/virtualMachines/vm`
const DECLARED = { virtualMachines: [{ subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'vm' }] }

/** Sends a request that a scenario delays, and calls `meanwhile`. Resolves to its response and how many scripts ran. */
async function delayed (t: Test, [method, path, body]: readonly ['POST' | 'PUT' | 'GET' | 'DELETE', string, object?],
  meanwhile: (emulator: Emulator) => Promise<unknown>, options: EmulatorOptions = {}) {
  const clock = new WatchedClock()
  let scripts = 0
  const executor = { execute: async () => ({ exitCode: 0, stdout: `${++scripts}`, stderr: '' }) }
  const slow = { name: 'slow', calls: '1', do: [{ delay: { ms: 60_000 } }] } as const
  const emulator = await build(t, { clock, executor, scenarios: [slow], ...options })
  const version = path === GROUP ? '2022-09-01' : '2024-03-01'
  const pending = emulator.app.inject({ method, url: `${path}?api-version=${version}`, headers: AUTHORIZATION, body })
  await clock.asleep
  await meanwhile(emulator)
  await clock.advance(60_000)
  const { statusCode: status, body: text } = await pending
  return { status, code: text === '' ? undefined : JSON.parse(text).error?.code, scripts }
}

const action = ['POST', `${VM}/runCommand`, { commandId: 'RunShellScript', script: ['echo'] }] as const
const onInstance = ['POST', `${instancePath()}/runCommand`, action[2]] as const
const managed = ['PUT', `${VM}/runCommands/c`, { location: 'westus', properties: { source: { script: 'echo' } } }] as const

async function deleteGroup ({ app }: Emulator) {
  await app.inject({ method: 'DELETE', url: `${GROUP}?api-version=2022-09-01`, headers: AUTHORIZATION })
}

t.test('refuses a delayed request if its machine was removed in the meantime', async t => {
  const remove = async ({ app }: Emulator) =>
    await app.inject({ method: 'DELETE', url: `/_emulator/virtualMachines/${SUBSCRIPTION}/rg/vm` })
  for (const [request, code] of [
    [action, 'ResourceNotFound'], [managed, 'ParentResourceNotFound'], [['GET', `${VM}/instanceView`], 'ResourceNotFound']
  ] as const) {
    t.strictSame(await delayed(t, request, remove, DECLARED), { status: 404, code, scripts: 0 }, request[1])
  }
})

t.test('refuses a delayed request if its resource group was deleted in the meantime', async t => {
  for (const request of [action, onInstance, managed, ['GET', GROUP], ['DELETE', GROUP]] as const) {
    t.strictSame(await delayed(t, request, deleteGroup), { status: 404, code: 'ResourceGroupNotFound', scripts: 0 }, request.slice(0, 2).join(' '))
  }
})

/** The response to a request whose body arrives after `meanwhile`, and how many scripts have run. */
async function slowlySent (t: Test, [method, path, sent]: readonly ['POST' | 'PUT' | 'PATCH' | 'DELETE', string, object?],
  meanwhile: (emulator: Emulator) => Promise<unknown>, options: EmulatorOptions = {}) {
  let scripts = 0
  const executor = { execute: async () => ({ exitCode: 0, stdout: `${++scripts}`, stderr: '' }) }
  const emulator = await build(t, { executor, ...options })
  const body = new PassThrough()
  const headers = { ...AUTHORIZATION, 'content-type': 'application/json' }
  const version = path === GROUP ? '2022-09-01' : '2024-03-01'
  const pending = emulator.app.inject({ method, url: `${path}?api-version=${version}`, headers, payload: body })
  await meanwhile(emulator)
  body.end(sent && JSON.stringify(sent))
  const { statusCode: status, body: text } = await pending
  return { status, code: text === '' ? undefined : JSON.parse(text).error?.code, scripts }
}

t.test('a request whose machine has been removed while its body arrived finds none', async t => {
  const remove = async ({ app }: Emulator) =>
    await app.inject({ method: 'DELETE', url: `/_emulator/virtualMachines/${SUBSCRIPTION}/rg/vm` })
  for (const [request, code] of [
    [action, 'ResourceNotFound'], [managed, 'ParentResourceNotFound'], [['POST', `${VM}/deallocate`, {}], 'ResourceNotFound']
  ] as const) {
    t.strictSame(await slowlySent(t, request, remove, DECLARED), { status: 404, code, scripts: 0 }, request[1])
  }
})

t.test('a request whose resource group has been deleted while its body arrived finds none', async t => {
  for (const request of [action, onInstance, managed, ['DELETE', GROUP]] as const) {
    t.strictSame(await slowlySent(t, request, deleteGroup), { status: 404, code: 'ResourceGroupNotFound', scripts: 0 }, request.slice(0, 2).join(' '))
  }
})

t.test('a reset refuses the delayed requests of its scope without handling them, and no others', async t => {
  for (const request of [action, onInstance, managed, ['POST', `${VM}/deallocate`]] as const) {
    for (const scope of [{}, { subscriptionId: SUBSCRIPTION }, { subscriptionId: SUBSCRIPTION, resourceGroup: 'RG' }]) {
      const refused = await delayed(t, request, async emulator => await emulator.reset(scope))
      t.strictSame(refused, { status: 409, code: 'OperationCanceled', scripts: 0 }, `${request[1]} ${JSON.stringify(scope)}`)
    }
    const other = await delayed(t, request, async emulator => await emulator.reset({ subscriptionId: SUBSCRIPTION, resourceGroup: 'other' }))
    t.ok(other.status < 300, 'a delayed request outside the scope is handled')
  }
})

t.test('a reset refuses a delayed request at once', async t => {
  const clock = new WatchedClock()
  const emulator = await build(t, { clock, scenarios: [{ name: 'slow', do: [{ delay: { ms: 60_000 } }] }] })
  const pending = emulator.app.inject({ method: 'GET', url: `${VM}?api-version=2024-03-01`, headers: AUTHORIZATION })
  await clock.asleep
  await emulator.reset()
  t.equal((await pending).json().error.message, 'The emulator was reset before the request was handled.')
})
