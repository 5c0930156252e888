import t from 'tap'
import type { VirtualMachineDeclaration } from '../../../src/index.js'
import { build, get, SUBSCRIPTION } from '../../harness/emulator.js'

const ROOT = `/subscriptions/${SUBSCRIPTION}`
const QUERY = '?api-version=2023-11-01'
const NETWORK = 'providers/Microsoft.Network'

const virtualMachines: readonly VirtualMachineDeclaration[] = [
  { subscriptionId: SUBSCRIPTION, resourceGroup: 'web', name: 'front', location: 'eastus' },
  { subscriptionId: SUBSCRIPTION, resourceGroup: 'web', name: 'back' },
  { subscriptionId: SUBSCRIPTION, resourceGroup: 'db', name: 'store' }
]

t.test('a machine leads to its network interface and its public address', async t => {
  // Like `az vm show -d` (source: get_vm_details).
  const emulator = await build(t, { virtualMachines })
  const url = `${ROOT}/resourceGroups/web/providers/Microsoft.Compute/virtualMachines/front?api-version=2024-07-01`
  const { properties: { networkProfile: { networkInterfaces: [reference] } } } = (await get(emulator, url)).json()
  const nic = (await get(emulator, `${reference.id}${QUERY}`)).json()
  t.equal(nic.id, reference.id)
  t.equal(nic.location, 'eastus')
  t.match(nic.properties.macAddress, /^00-0D-3A(?:-[\dA-F]{2}){3}$/)
  t.equal(`${nic.properties.virtualMachine.id}?api-version=2024-07-01`, url)
  const [{ id, properties }] = nic.properties.ipConfigurations
  t.match(properties.privateIPAddress, /^10(?:\.\d{1,3}){3}$/)
  const publicAddress = (await get(emulator, `${properties.publicIPAddress.id}${QUERY}`)).json()
  t.equal(publicAddress.properties.ipConfiguration.id, id)
  t.match(publicAddress.properties.ipAddress, /^(?:192\.0\.2|198\.51\.100|203\.0\.113)\.\d{1,3}$/, 'an address reserved for documentation')
})

t.test('a machine has the same private address every time, and each machine has its own', async t => {
  const addressOf = async (vmName: string) => {
    const { body } = await get(await build(t), `${ROOT}/resourceGroups/rg/${NETWORK}/networkInterfaces/${vmName}VMNic${QUERY}`)
    return JSON.parse(body).properties.ipConfigurations[0].properties.privateIPAddress
  }
  t.equal(await addressOf('vm'), await addressOf('VM'))
  t.not(await addressOf('vm'), await addressOf('vm2'))
})

t.test('lists the network interfaces and the public addresses of the declared machines', async t => {
  const emulator = await build(t, { virtualMachines })
  for (const [path, names] of [
    [`${ROOT}/${NETWORK}/networkInterfaces`, ['frontVMNic', 'backVMNic', 'storeVMNic']],
    [`${ROOT}/resourceGroups/WEB/${NETWORK}/networkInterfaces`, ['frontVMNic', 'backVMNic']],
    [`${ROOT}/resourceGroups/none/${NETWORK}/networkInterfaces`, []],
    [`${ROOT}/${NETWORK}/publicIPAddresses`, ['frontPublicIP', 'backPublicIP', 'storePublicIP']],
    [`${ROOT}/resourceGroups/db/${NETWORK}/publicIPAddresses`, ['storePublicIP']]
  ] as const) {
    const { value } = (await get(emulator, `${path}${QUERY}`)).json()
    t.strictSame(value.map(({ name }: { name: string }) => name), names, path)
  }
})

t.test('only machines have network interfaces and public addresses', async t => {
  const emulator = await build(t, { virtualMachines })
  for (const [group, type, name] of [
    ['web', 'networkInterfaces', 'storeVMNic'],
    ['web', 'networkInterfaces', 'front'],
    ['web', 'networkInterfaces', 'VMNic'],
    ['new', 'networkInterfaces', 'VMNic'],
    ['web', 'publicIPAddresses', 'frontVMNic']
  ] as const) {
    const { statusCode, body } = await get(emulator, `${ROOT}/resourceGroups/${group}/${NETWORK}/${type}/${name}${QUERY}`)
    t.strictSame([statusCode, JSON.parse(body).error.code], [404, 'ResourceNotFound'], name)
    t.match(JSON.parse(body).error.message, `The Resource 'Microsoft.Network/${type}/${name}' under resource group '${group}'`)
  }
})

t.test('requires an api-version of Microsoft.Network, not of Compute', async t => {
  const emulator = await build(t, { apiVersions: 'published' })
  const url = `${ROOT}/resourceGroups/rg/${NETWORK}/networkInterfaces/vmVMNic?api-version=`
  t.equal((await get(emulator, `${url}2023-11-01`)).statusCode, 200)
  const { statusCode, body } = await get(emulator, `${url}2021-04-01`)
  t.equal(statusCode, 404)
  t.match(JSON.parse(body).error, {
    code: 'InvalidResourceType',
    message: "The resource type 'networkInterfaces' could not be found in the namespace 'Microsoft.Network' for api version '2021-04-01'."
  })
})
