import { pino } from 'pino'
import t, { type Test } from 'tap'
import { VirtualClock, type Emulator, type EmulatorOptions } from '../../../src/index.js'
import { build, get, runCommand, SUBSCRIPTION } from '../../harness/emulator.js'

const SHELL = { commandId: 'RunShellScript' }
const GUID = '[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}'
const OPERATION = `http://localhost:80/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Compute/locations/westus/operations/${GUID}`
const SIGNATURE = 't=(\\d{18})&c=(MII[\\w-]+)&s=([\\w-]{342})&h=([\\w-]{43})'

t.test('returns signed URLs from api-version 2023-03-01 on', async t => {
  // Recorded: azure-cli #32286 (whole), azcli_action_vm_2024-07-01, exchange 0.
  const emulator = await build(t, { clock: new VirtualClock(new Date('2025-10-20T09:07:11.502Z')) })
  for (const apiVersion of ['2023-03-01', '2024-03-01', '2024-11-01', '2031-01-01']) {
    const { status, result } = await start(emulator, { apiVersion })
    const [, statusP, statusT, statusC, statusS, statusH] =
      new RegExp(`^${OPERATION}\\?p=(${GUID})&api-version=${apiVersion}&${SIGNATURE}$`).exec(status) ?? []
    const [, resultP, resultT, resultC, resultS, resultH] =
      new RegExp(`^${OPERATION}\\?p=(${GUID})&monitor=true&api-version=${apiVersion}&${SIGNATURE}$`).exec(result) ?? []
    t.match(statusT, /^63896548031502\d{4}$/, 'the time of the response in ticks')
    t.equal(BigInt(resultT!) - BigInt(statusT!), 150_000n, 'the result is signed 15 ms later')
    t.equal(resultP, statusP)
    t.equal(resultC, statusC)
    t.not(resultS, statusS)
    t.not(resultH, statusH)
    t.ok(Buffer.from(statusC!, 'base64url').length === 1796 && status.length > 2500 && status.length < 3500, 'the length of the recorded ones')
  }
})

t.test('returns the older unsigned URLs with older api-versions', async t => {
  // Recorded: java_canRunScriptOnVM of 2020, net_managed_vm_windows_2021-11-01.
  const emulator = await build(t)
  for (const [apiVersion, p] of [
    ['2017-03-30', ''], ['2020-12-01', ''], ['2021-07-01', ''], ['2021-11-01', `p=${GUID}&`], ['2022-08-01', `p=${GUID}&`]
  ] as const) {
    const { status, result } = await start(emulator, { apiVersion })
    t.match(status, new RegExp(`^${OPERATION}\\?${p}api-version=${apiVersion}$`))
    t.match(result, new RegExp(`^${OPERATION}\\?${p}monitor=true&api-version=${apiVersion}$`))
    for (const url of [status, result, status.replace(/p=[^&]*&/, '')]) t.equal((await get(emulator, url)).statusCode, 200, url)
  }
})

t.test('returns the same partition for all operations of a region, and another one for another region', async t => {
  // Recorded: 571046f6-… in every capture of westus, 54253b73-… in eastus.
  const virtualMachines = [
    { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'one' },
    { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'two' },
    { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'three', location: 'eastus' }
  ]
  const emulator = await build(t, { virtualMachines })
  const partitionOf = async (vmName: string) => new URL((await start(emulator, { vmName })).status).searchParams.get('p')
  t.equal(await partitionOf('two'), await partitionOf('one'))
  t.not(await partitionOf('three'), await partitionOf('one'))
})

t.test('accepts a signed URL with another order, other encoding, more parameters or another host', async t => {
  // Go sorts the query (measured: test/clients), and .NET replaces the api-version (its code).
  const { emulator, urls } = await watch(t)
  for (const url of Object.values(await urls())) {
    const { pathname, searchParams } = new URL(url)
    const sorted = new URLSearchParams(searchParams)
    sorted.sort()
    for (const changed of [
      url,
      `${pathname}?${sorted}`,
      `${pathname}?${[...searchParams].reverse().map(([name, value]) => `${name}=${encoded(value)}`).join('&')}`,
      `${url}&more=1`,
      url.replace('api-version=2024-03-01', 'api-version=2024-07-01'),
      `${pathname.toUpperCase()}?${searchParams}`,
      `/${pathname}/?${searchParams}`
    ]) {
      t.equal((await get(emulator, changed)).statusCode, 200, changed)
      t.equal((await get(emulator, changed, { host: 'management.azure.com' })).statusCode, 200, changed)
    }
  }
})

t.test('refuses a changed signed URL with 404, and logs the change', async t => {
  const { emulator, urls, logged } = await watch(t)
  const { status, result } = await urls()
  const other = await urls()
  const flip = (name: string) => (url: string) => url.replace(new RegExp(`([?&]${name}=[^&]*)[^&](&|$)`), '$1_$2')
  const drop = (name: string) => (url: string) => url.replace(new RegExp(`([?&])${name}=[^&]*&?`), '$1').replace(/&$/, '')
  const cases: [string, string][] = ['p', 't', 'c', 's', 'h'].flatMap(name => [status, result].flatMap(url => [
    [drop(name)(url), `dropped ${name}`] as [string, string], [flip(name)(url), `changed ${name}`] as [string, string]
  ]))
  cases.push(
    [status.replace(/\?.*/, '?api-version=2024-03-01'), 'dropped p, t, c, s, h'],
    [result.replace(/\?.*/, '?monitor=true&api-version=2024-03-01'), 'dropped p, t, c, s, h'],
    [drop('monitor')(result), 'changed monitor'],
    [`${status}&monitor=true`, 'changed monitor'],
    [result.replace('monitor=true', 'monitor=1'), 'changed monitor'],
    [drop('c')(flip('t')(status)), 'dropped c and changed t'],
    [flip('p')(flip('c')(status)), 'changed p, c'],
    [status.replace(/&s=[^&]*/, ''), 'dropped s'],
    [status.replace(/&s=[^&]*/, '&s='), 'changed s'],
    [`${status.split('?')[0]}?${other.status.split('?')[1]}`, 'changed s and h']
  )
  for (const [url, change] of cases) {
    logged.length = 0
    const { statusCode, json } = await get(emulator, url)
    t.equal(statusCode, 404, url)
    t.strictSame(json().error, { code: 'NotFound', message: 'The entity was not found in this Azure location.' })
    t.equal(logged.length, 1)
    t.match(logged[0], `because the client ${change}: `)
  }
  t.equal((await get(emulator, status)).statusCode, 200, 'the unchanged URL still works')
})

t.test("responds to a poll in the form of the poll's api-version, not the action's", async t => {
  // .NET replaces the api-version of the URL with its own (source: its code).
  const { emulator, urls } = await watch(t)
  const { status, result } = await urls()
  for (const url of [status, result]) {
    const current = await get(emulator, url.replace('2024-03-01', '2024-11-01'))
    t.match(current.headers, { 'x-cache': 'CONFIG_NOCACHE', 'x-ms-ratelimit-remaining-resource': /GetOperationResource/ })
    const older = await get(emulator, url.replace('2024-03-01', '2017-12-01'))
    t.match(older.headers, { 'x-ms-ratelimit-remaining-resource': /GetOperation3Min/ })
    t.same([current.statusCode, older.statusCode], [200, 200])
    t.match(older.json(), url === status ? { properties: { output: [{ level: 'Info' }] } } : [{ level: 'Info' }])
  }
})

t.test('refuses the signature of another emulator, which has another key', async t => {
  const { status } = await start(await build(t))
  const emulator = await build(t)
  const { status: own } = await start(emulator)
  const [path] = own.split('?') as [string]
  t.equal((await get(emulator, `${path}?${status.split('?')[1]}`)).statusCode, 404)
  t.equal((await get(emulator, own)).statusCode, 200)
})

t.test('logs no changed URL for an operation that does not exist', async t => {
  const { emulator, urls, logged } = await watch(t)
  const { status } = await urls()
  const missing = await get(emulator, status.replace(new RegExp(`operations/${GUID}`), `operations/${SUBSCRIPTION}`))
  t.equal(missing.statusCode, 404)
  t.strictSame(logged, [])
})

t.test('plain: returns unsigned URLs, and accepts any signature', async t => {
  const emulator = await build(t, { operationUrls: 'plain' })
  const { status, result } = await start(emulator)
  t.match(status, new RegExp(`^${OPERATION}\\?api-version=2024-03-01$`))
  t.match(result, new RegExp(`^${OPERATION}\\?monitor=true&api-version=2024-03-01$`))
  for (const url of [status, result, `${status}&p=1&t=2&c=3&s=4&h=5`]) t.equal((await get(emulator, url)).statusCode, 200, url)
})

/** Starts a run command, which ends at once. Resolves to its URLs. */
async function start (emulator: Emulator, target: Parameters<typeof runCommand>[2] = {}) {
  const { headers } = await runCommand(emulator, SHELL, target)
  return { status: `${headers['azure-asyncoperation']}`, result: `${headers['location']}` }
}

/** An emulator, its log and a function that returns the URLs of a new operation. */
async function watch (t: Test, options: EmulatorOptions = {}) {
  const logged: string[] = []
  const logger = pino({ level: 'warn' }, { write: (line: string) => { logged.push(JSON.parse(line).msg) } })
  const emulator = await build(t, { logger, ...options })
  return { emulator, logged, urls: () => start(emulator) }
}

function encoded (value: string): string {
  return [...value].map((char, index) => index % 7 === 0 ? `%${char.charCodeAt(0).toString(16)}` : char).join('')
}
