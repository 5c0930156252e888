import t, { type Test } from 'tap'
import type { EmulatorOptions } from '../../../src/index.js'
import type { PollEffect } from '../../../src/scenarios/scenario.js'
import { VirtualClock } from '../../../src/time/virtual-clock.js'
import { affect } from '../../harness/effects.js'
import { build, get, runCommand } from '../../harness/emulator.js'

const SHELL = { commandId: 'RunShellScript', script: ['echo hi'] }
const FIXTURES = { fixtures: [{ name: 'hi', result: { stdout: 'hi\n' } }] }

/** Starts a run command whose polls have this effect. */
async function start (t: Test, poll: PollEffect, options: EmulatorOptions = {}) {
  const clock = new VirtualClock()
  const emulator = await build(t, { clock, ...FIXTURES, ...options })
  await affect(emulator, { operation: 'Operations_Get' }, { poll })
  const { headers } = await runCommand(emulator, SHELL)
  return {
    emulator,
    clock,
    id: `${headers['x-ms-request-id']}`,
    status: async () => await get(emulator, `${headers['azure-asyncoperation']}`),
    result: async () => await get(emulator, `${headers['location']}`)
  }
}

const IN_PROGRESS = { delay: 5000 }

t.test('noStatus removes the status from a poll of the status', async t => {
  for (const [options, members] of [[{}, ['startTime', 'endTime', 'properties', 'name']], [IN_PROGRESS, ['startTime', 'name']]] as const) {
    const { status } = await start(t, 'noStatus', options)
    const response = await status()
    t.equal(response.statusCode, 200)
    t.strictSame(Object.keys(response.json()), members)
  }
})

t.test('unknownStatus sets a status that clients do not know', async t => {
  for (const options of [{}, IN_PROGRESS]) {
    const { id, status } = await start(t, 'unknownStatus', options)
    t.match((await status()).json(), { status: 'Unknown', name: id })
  }
})

t.test('noStatus and unknownStatus do not change a poll of the result', async t => {
  for (const effect of ['noStatus', 'unknownStatus'] as const) {
    const { result } = await start(t, effect)
    t.match((await result()).json(), { value: [{ message: /hi/ }] })
  }
})

t.test('emptyBody empties the body of a poll', async t => {
  for (const options of [{}, IN_PROGRESS]) {
    const { status, result } = await start(t, 'emptyBody', options)
    for (const response of [await status(), await result()]) {
      t.match(response, { statusCode: 200, body: '', headers: { 'content-length': '0' } })
    }
  }
})

t.test('invalidJson makes the body of a poll invalid', async t => {
  for (const options of [{}, IN_PROGRESS]) {
    const { status, result } = await start(t, 'invalidJson', options)
    for (const response of [await status(), await result()]) {
      t.equal(response.statusCode, 200)
      t.match(response.headers, { 'content-type': /json/, 'content-length': `${response.body.length}` })
      t.throws(() => JSON.parse(response.body))
    }
  }
})

t.test('error makes a poll an error', async t => {
  const { status, result } = await start(t, { error: { status: 400, code: 'BadRequest', message: 'No.' } })
  for (const response of [await status(), await result()]) {
    t.equal(response.statusCode, 400)
    t.strictSame(response.json(), { error: { code: 'BadRequest', message: 'No.' } })
  }
})

t.test('lateResult returns Succeeded at once, and 202 to the first two polls of the result', async t => {
  const { clock, status, result } = await start(t, 'lateResult', IN_PROGRESS)
  t.match((await status()).json(), { status: 'Succeeded', endTime: /./, properties: undefined })
  await clock.advance(5000)
  t.match((await status()).json(), { status: 'Succeeded', properties: { output: { value: [{ message: /hi/ }] } } })
  for (let count = 0; count < 2; count++) t.match(await result(), { statusCode: 202, headers: { location: /monitor/ } })
  for (let count = 0; count < 2; count++) t.match((await result()).json(), { value: [{ message: /hi/ }] })
})

t.test('polls with an effect count like the others of an operation', async t => {
  const { emulator } = await start(t, 'emptyBody')
  await affect(emulator, { operation: 'VirtualMachines_RunCommand' }, { operation: { polls: 1, expiresAfter: 2 } })
  const { headers } = await runCommand(emulator, SHELL)
  const codes = []
  for (let count = 0; count < 3; count++) codes.push((await get(emulator, `${headers['location']}`)).statusCode)
  t.strictSame(codes, [200, 200, 404])
})

t.test('a poll of an operation that does not exist gets 404 despite an effect', async t => {
  const { emulator, id } = await start(t, 'emptyBody', { operationUrls: 'plain' })
  const { headers } = await runCommand(emulator, SHELL)
  const url = `${headers['location']}`
  const other = url.replace(/operations\/[^?]+/, `operations/${id.replace(/.$/, each => each === '0' ? '1' : '0')}`)
  t.equal((await get(emulator, other)).statusCode, 404)
})
