import t, { type Test } from 'tap'
import type { EmulatorOptions } from '../../../src/index.js'
import type { OperationEffect } from '../../../src/scenarios/scenario.js'
import { affect } from '../../harness/effects.js'
import { build, get, runCommand } from '../../harness/emulator.js'

const SHELL = { commandId: 'RunShellScript', script: ['echo hi'] }

type Form = NonNullable<OperationEffect['url']>

/** Starts a run command with two polls in progress and URLs of this form. */
async function start (t: Test, url: Form, { apiVersion = '2024-03-01', ...options }: EmulatorOptions & { apiVersion?: string } = {}) {
  const emulator = await build(t, options)
  await affect(emulator, { operation: 'VirtualMachines_RunCommand' }, { operation: { url, polls: 2 } })
  const { headers } = await runCommand(emulator, SHELL, { apiVersion })
  return {
    statusUrl: `${headers['azure-asyncoperation']}`,
    resultUrl: `${headers['location']}`,
    poll: async (url: string) => await get(emulator, url),
    statusOf: async (url: string) => (await get(emulator, url)).statusCode
  }
}

t.test('plain URLs have only the api-version and are not checked, even with --operation-urls signed', async t => {
  const { statusUrl, resultUrl, statusOf } = await start(t, 'plain', { operationUrls: 'signed' })
  t.match(statusUrl, /\/operations\/[\da-f-]+\?api-version=2024-03-01$/)
  t.match(resultUrl, /\/operations\/[\da-f-]+\?monitor=true&api-version=2024-03-01$/)
  t.equal(await statusOf(`${statusUrl}&t=1`), 200)
})

t.test('signed URLs are checked, even for older api-versions and with --operation-urls plain', async t => {
  for (const apiVersion of ['2017-03-30', '2022-03-01', '2024-03-01']) {
    const { statusUrl, resultUrl, statusOf } = await start(t, 'signed', { operationUrls: 'plain', apiVersion })
    for (const url of [statusUrl, resultUrl]) t.match(url, /\?p=.+&t=\d{18}&c=.+&s=.+&h=.+/)
    t.equal(await statusOf(statusUrl), 200)
    t.equal(await statusOf(resultUrl), 202)
    t.equal(await statusOf(statusUrl.replace(/&h=[^&]+/, '')), 404)
  }
})

t.test('4kb URLs have about 4096 characters, and get 404 if they are changed', async t => {
  for (const apiVersion of ['2017-03-30', '2024-03-01']) {
    const { statusUrl, resultUrl, statusOf } = await start(t, '4kb', { apiVersion })
    for (const url of [statusUrl, resultUrl]) {
      t.ok(Math.abs(url.length - 4096) < 64, `${url.length} characters`)
      t.ok(await statusOf(url) < 300)
      t.equal(await statusOf(url.slice(0, 4000)), 404)
      t.equal(await statusOf(url.replace(/&c=[^&]+/, each => each.toLowerCase())), 404)
    }
  }
})

t.test('relative URLs have no origin', async t => {
  const { statusUrl, resultUrl, poll, statusOf } = await start(t, 'relative')
  t.match(statusUrl, /^\/subscriptions\//)
  t.equal(await statusOf(statusUrl), 200)
  t.equal((await poll(resultUrl)).headers['location'], resultUrl)
  t.equal(await statusOf(resultUrl), 200)
})

t.test('junk URLs cannot be parsed', async t => {
  const { statusUrl, resultUrl } = await start(t, 'junk')
  for (const url of [statusUrl, resultUrl]) {
    t.match(url, /^https:\/\/\[junk\]\/subscriptions\//)
    t.notOk(URL.canParse(url), url)
  }
})

t.test('moving URLs are replaced by each poll in progress, and the old ones get 404', async t => {
  const { statusUrl, resultUrl, poll, statusOf } = await start(t, 'moves')
  const first = await poll(statusUrl)
  t.equal(first.json().status, 'InProgress')
  const second = `${first.headers['azure-asyncoperation']}`
  t.not(second, statusUrl)
  t.equal(await statusOf(statusUrl), 404)

  const result = await poll(resultUrl)
  t.equal(result.statusCode, 202, 'a poll of the status does not move the URL of the result')
  const last = `${result.headers['location']}`
  t.not(last, resultUrl)
  t.equal(await statusOf(resultUrl), 404)

  for (const url of [second, last]) {
    for (let count = 0; count < 2; count++) t.equal(await statusOf(url), 200, 'the last URL keeps working')
  }
  t.notOk('azure-asyncoperation' in (await poll(second)).headers)
})

t.test('the URLs of several operations move independently', async t => {
  const emulator = await build(t)
  await affect(emulator, { operation: 'VirtualMachines_RunCommand' }, { operation: { url: 'moves', polls: 1 } })
  const urls = []
  for (const vmName of ['one', 'two']) {
    urls.push(`${(await runCommand(emulator, SHELL, { vmName })).headers['azure-asyncoperation']}`)
  }
  for (const url of urls) t.equal((await get(emulator, url)).statusCode, 200)
})
