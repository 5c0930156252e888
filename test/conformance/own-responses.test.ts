import t, { type Test } from 'tap'
import { readDocument, routesOf } from '../../src/http/openapi.js'
import { VirtualClock, type Emulator, type EmulatorOptions } from '../../src/index.js'
import { build, get, runCommand, runOnInstance, SUBSCRIPTION } from '../harness/emulator.js'

// The emulators of `build` check each response against the contract, so these tests only have to send requests.

const VERSIONS = ['2017-03-30', '2018-04-01', '2021-11-01', '2022-11-01', '2023-03-01', '2024-03-01', '2026-04-01']
const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg`
const COMPUTE = 'providers/Microsoft.Compute'
const MACHINES: EmulatorOptions = {
  virtualMachines: [
    { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'vm' },
    { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'win', osType: 'Windows' },
    { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'old', powerState: 'deallocated' }
  ],
  virtualMachineScaleSets: [
    { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'ss' },
    { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'ss-win', osType: 'Windows' }
  ]
}
const SETS = `${GROUP}/${COMPUTE}/virtualMachineScaleSets`
const OF_SETS = [
  `/subscriptions/${SUBSCRIPTION}/${COMPUTE}/virtualMachineScaleSets`, SETS,
  ...['ss', 'ss-win', 'none'].flatMap(name => ['', '/instanceView', '/networkInterfaces', '/virtualMachines', '/virtualMachines/0',
    '/virtualMachines/0/instanceView', '/virtualMachines/0/networkInterfaces', '/virtualMachines/0/networkInterfaces/none', '/virtualMachines/9', '/virtualMachines/9/instanceView'].map(path => `${SETS}/${name}${path}`))
]
const FAILS: EmulatorOptions = { fixtures: [{ name: 'fails', error: { code: 'VMAgentStatusCommunicationError', message: 'It is lost.' } }] }

const READS = [
  '/tenants', '/subscriptions', ...['', '/locations', '/providers', '/providers/Microsoft.Compute', '/resources'].map(path => `/subscriptions/${SUBSCRIPTION}${path}`),
  `/subscriptions/${SUBSCRIPTION}/resourceGroups`, GROUP, `${GROUP}/resources`, `/subscriptions/${SUBSCRIPTION}/${COMPUTE}/virtualMachines`,
  `${GROUP}/${COMPUTE}/virtualMachines`, ...['vm', 'win', 'old'].map(name => `${GROUP}/${COMPUTE}/virtualMachines/${name}`),
  `/subscriptions/${SUBSCRIPTION}/${COMPUTE}/locations/westus/runCommands`,
  ...['RunShellScript', 'RunPowerShellScript', 'IPConfig', 'ifconfig', 'EnableAdminAccount', 'None'].map(id =>
    `/subscriptions/${SUBSCRIPTION}/${COMPUTE}/locations/westus/runCommands/${id}`),
  ...OF_SETS,
  `${GROUP}/${COMPUTE}/virtualMachines/vm/instanceView`,
  ...[`/subscriptions/${SUBSCRIPTION}`, GROUP].flatMap(place =>
    ['networkInterfaces', 'publicIPAddresses'].map(type => `${place}/providers/Microsoft.Network/${type}`)),
  `${GROUP}/providers/Microsoft.Network/networkInterfaces/vmVMNic`,
  `${GROUP}/providers/Microsoft.Network/publicIPAddresses/vmPublicIP`
]

const REGISTRATION = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Compute/register`

t.test('responses to every kind of read keep to the contract', async t => {
  for (const options of [{}, MACHINES, { ...MACHINES, strict: true }]) {
    const emulator = await build(t, options)
    for (const path of READS) {
      const version = path.includes('Compute') ? '2024-03-01' : '2022-09-01'
      await t.resolves(get(emulator, `${path}?api-version=${version}`), path)
      await t.resolves(get(emulator, `${path}?api-version=${version}`, { 'accept-encoding': 'gzip', accept: 'text/json' }), path)
    }
    for (const name of ['vm', 'win', 'old']) {
      await t.resolves(get(emulator, `${GROUP}/${COMPUTE}/virtualMachines/${name}?$expand=instanceView&api-version=2019-03-01`))
    }
    for (const path of OF_SETS) {
      for (const version of ['2019-03-01', '2024-07-01']) {
        await t.resolves(get(emulator, `${path}?api-version=${version}`), path)
        if (/Machines(?:\/\d)?$/.test(path)) await t.resolves(get(emulator, `${path}?api-version=${version}&$expand=instanceView`), path)
      }
    }
    const head = (path: string) => emulator.app.inject({ method: 'HEAD', url: `${path}?api-version=2021-04-01`, headers: { authorization: 'Bearer a' } })
    await t.resolves(head(GROUP))
    await t.resolves(head(`${GROUP}x`))
    const headers = { authorization: 'Bearer a' }
    await t.resolves(emulator.app.inject({ method: 'POST', url: `${REGISTRATION}?api-version=2021-04-01`, headers }))
  }
})

for (const version of VERSIONS) {
  t.test(`responses to run commands of ${version} keep to the contract, whatever the options`, async t => {
    for (const options of [{}, { respond: 'immediate' }, { pace: 'azure' }, { operationUrls: 'plain' }, FAILS] as const) {
      const emulator = await build(t, options)
      for (const commandId of ['RunShellScript', 'RunPowerShellScript']) {
        await t.resolves(drive(emulator, commandId, version), JSON.stringify(options))
      }
      await t.resolves(runOnInstance(emulator, { commandId: 'RunShellScript' }, { apiVersion: version }))
      for (const prefer of ['wait=1', 'respond-async', 'respond-async, wait=1']) {
        await t.resolves(runCommand(emulator, { commandId: 'RunShellScript' }, { apiVersion: version, headers: { prefer } }))
      }
    }
  })

  t.test(`responses to polls of ${version} keep to the contract while the operation runs and after a reset`, async t => {
    const emulator = await running(t)
    const { headers } = await runCommand(emulator, { commandId: 'RunShellScript' }, { apiVersion: version })
    const polls = [headers['azure-asyncoperation'], headers['location']]
    for (const url of polls) t.match((await get(emulator, `${url}`)).statusCode, /^20[02]$/)
    await emulator.reset()
    for (const url of polls) t.equal((await get(emulator, `${url}`)).statusCode, 404)
  })
}

/** The power operations, each on its own machine or scale set. */
function powerPaths (suffix: string): string[] {
  return ['start', 'restart', 'redeploy', 'powerOff', 'deallocate'].flatMap(verb => {
    const name = `${verb}${suffix}`
    const instance = `virtualMachineScaleSets/${name}/${verb === 'deallocate' ? 'virtualMachines' : 'virtualmachines'}/7`
    const ofSet = verb === 'powerOff' ? 'poweroff' : verb
    return [`virtualMachines/${name}/${verb}`, `virtualMachineScaleSets/${name}/${ofSet}`, `${instance}/${ofSet}`]
  }).map(path => `${GROUP}/${COMPUTE}/${path}`)
}

t.test('responses to power operations keep to the contract, in each version and whatever the options', async t => {
  for (const options of [{}, { respond: 'immediate' }, { pace: 'azure' }, { pace: 'azure', clock: 'virtual', delay: 1000 }] as const) {
    const emulator = await build(t, options)
    for (const [version, path] of VERSIONS.flatMap(version => powerPaths(version).map(path => [version, path]))) {
      const url = `${path}?api-version=${version}`
      const { headers } = await emulator.app.inject({ method: 'POST', url, headers: { authorization: 'Bearer a' } })
      const polls = [headers['azure-asyncoperation'], headers['location']].filter(each => each !== undefined)
      for (const poll of polls) await t.resolves(get(emulator, `${poll}`), url)
    }
  }
})

const MANAGED = ['virtualMachines/vm', 'virtualMachineScaleSets/ss/virtualMachines/0'].map(machine => `${GROUP}/${COMPUTE}/${machine}/runCommands`)

t.test('responses to managed run commands keep to the contract, in each version and at each pace', async t => {
  for (const pace of ['fast', 'azure'] as const) {
    const emulator = await build(t, { pace })
    for (const [version, collection] of VERSIONS.flatMap(version => MANAGED.map(each => [version, each]))) {
      const url = `${collection}/cmd?api-version=${version}`
      const headers = { authorization: 'Bearer a' }
      const send = (method: 'PUT' | 'PATCH' | 'DELETE', body?: object) => emulator.app.inject({ method, url, headers, body })
      for (const sent of [
        await send('PUT', { location: 'westus', properties: { source: { script: 'echo' } } }),
        await send('PATCH', { tags: { a: 'b' }, properties: { source: { script: 'ls' } } }),
        await send('DELETE')
      ]) {
        const polls = [sent.headers['azure-asyncoperation'], sent.headers['location']].filter(each => each !== undefined)
        for (const poll of polls) await t.resolves(get(emulator, `${poll}`), url)
        for (const read of [url, `${url}&$expand=instanceView`, `${collection}?api-version=${version}`]) await t.resolves(get(emulator, read), read)
      }
    }
  }
})

t.test('these tests send every operation of the contract', async t => {
  const sent = [...READS, REGISTRATION, ...powerPaths(''), ...MANAGED, ...MANAGED.map(each => `${each}/cmd`),
    `${GROUP}/${COMPUTE}/virtualMachines/vm/runCommand`, `${SETS}/ss/virtualmachines/0/runCommand`,
    `/subscriptions/${SUBSCRIPTION}/${COMPUTE}/locations/westus/operations/x`,
    `/subscriptions/${SUBSCRIPTION}/operationresults/x`, '/providers/Microsoft.ResourceGraph/resources']
  const left = routesOf(readDocument('arm.json'))
    .filter(({ path }) => !sent.some(each => new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(each)))
  t.strictSame(left.map(({ operation }) => operation.operationId), [])
})

async function running (t: Test): Promise<Emulator> {
  return await build(t, { clock: new VirtualClock(), delay: 60_000, pace: 'azure' })
}

/** Runs a command and polls both of its URLs. */
async function drive (emulator: Emulator, commandId: string, apiVersion: string): Promise<void> {
  const { headers } = await runCommand(emulator, { commandId }, { apiVersion })
  for (const url of [headers['azure-asyncoperation'], headers['location']]) {
    if (url !== undefined) await get(emulator, `${url}`)
  }
}
