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

t.test('a network interface has the recorded members in their order', async t => {
  // Recorded: azure-cli's test_network_nic of January 2024, and test_vm_show_list_sizes_list_ip_addresses of 2023.
  const emulator = await build(t, { virtualMachines })
  const url = `${ROOT}/resourceGroups/web/${NETWORK}/networkInterfaces/frontVMNic?api-version=`
  const nic = (await get(emulator, `${url}2022-11-01`)).json()
  t.strictSame(Object.keys(nic), ['name', 'id', 'etag', 'properties', 'type', 'location', 'kind'])
  const { dnsSettings, ...properties } = nic.properties
  const suffix = /^[\da-z]{26}\.\w{2}\.internal\.cloudapp\.net$/
  const none = { length: 0 }
  t.match(dnsSettings, { dnsServers: none, appliedDnsServers: none, internalDomainNameSuffix: suffix })
  t.strictSame(Object.keys(properties), ['provisioningState', 'resourceGuid', 'ipConfigurations', 'macAddress',
    'enableAcceleratedNetworking', 'vnetEncryptionSupported', 'enableIPForwarding', 'disableTcpStateTracking',
    'networkSecurityGroup', 'primary', 'virtualMachine', 'hostedWorkloads', 'tapConfigurations', 'nicType',
    'allowPort25Out', 'auxiliaryMode', 'auxiliarySku'])
  const { properties: earlier } = (await get(emulator, `${url}2022-01-01`)).json()
  t.strictSame(Object.keys(nic.properties).filter(name => !(name in earlier)), ['disableTcpStateTracking', 'auxiliaryMode', 'auxiliarySku'])
})

t.test('one resource has its etag in a header, and the request id of Microsoft.Network', async t => {
  // Recorded: the same, and azure-sdk-for-js's recordings of @azure/arm-network in 2021.
  const emulator = await build(t, { virtualMachines })
  for (const path of ['networkInterfaces/frontVMNic', 'publicIPAddresses/frontPublicIP']) {
    const { headers, body } = await get(emulator, `${ROOT}/resourceGroups/web/${NETWORK}/${path}${QUERY}`)
    t.equal(headers['etag'], JSON.parse(body).etag, path)
    t.match(headers['x-ms-arm-service-request-id'], /^[\da-f-]{36}$/, path)
  }
})

t.test('responses are compact since 2022-11-01, and indented before', async t => {
  // Recorded: test_network_nic, and test_network_public_ip of 2022 with 2022-05-01.
  const emulator = await build(t, { virtualMachines })
  const url = `${ROOT}/resourceGroups/web/${NETWORK}/publicIPAddresses`
  for (const [version, start] of [['2022-11-01', '{"name":"frontPublicIP",'], ['2022-05-01', '{\r\n  "name": "frontPublicIP",\r\n']] as const) {
    const { body } = await get(emulator, `${url}/frontPublicIP?api-version=${version}`)
    t.equal(body.slice(0, start.length), start, version)
  }
})

t.test("the list of a subscription is Resource Manager's own", async t => {
  // Recorded: test_vm_show_list_sizes_list_ip_addresses with 2022-01-01.
  const emulator = await build(t, { virtualMachines })
  for (const type of ['networkInterfaces', 'publicIPAddresses']) {
    const { headers, body } = await get(emulator, `${ROOT}/${NETWORK}/${type}?api-version=2022-01-01`)
    t.match(body, /^\{"value":\[\{"name":"front/, type)
    t.match(headers['x-ms-original-request-ids'], /^[\da-f-]{36}$/, type)
    t.notOk('server' in headers || 'etag' in headers || 'x-ms-arm-service-request-id' in headers, type)
  }
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

const SETS = `${ROOT}/resourceGroups/web/providers/Microsoft.Compute/virtualMachineScaleSets`
const virtualMachineScaleSets = [{ subscriptionId: SUBSCRIPTION, resourceGroup: 'web', name: 'Workers', instances: ['0', '7'] }]

t.test('an instance of a scale set leads to its network interface, which has a private address of its own', async t => {
  const emulator = await build(t, { virtualMachineScaleSets })
  const addresses = []
  for (const instanceId of ['0', '7']) {
    const instance = (await get(emulator, `${SETS}/Workers/virtualMachines/${instanceId}?api-version=2024-07-01`)).json()
    const { value } = (await get(emulator, `${SETS}/workers/virtualMachines/${instanceId}/networkInterfaces${QUERY}`)).json()
    t.equal(value.length, 1)
    const [{ id, name, properties: { ipConfigurations: [configuration], virtualMachine } }] = value
    t.strictSame([{ id }], instance.properties.networkProfile.networkInterfaces)
    t.equal(virtualMachine.id, instance.id)
    const { networkInterfaceConfigurations: [model] } = instance.properties.networkProfileConfiguration
    t.equal(name, model.name)
    t.equal(configuration.name, model.properties.ipConfigurations[0].name)
    t.equal(configuration.id, `${id}/ipConfigurations/${configuration.name}`)
    t.match(configuration.properties, { ...model.properties.ipConfigurations[0].properties, primary: true })
    t.notOk('publicIPAddress' in configuration.properties, 'it is behind a load balancer')
    addresses.push(configuration.properties.privateIPAddress)
  }
  t.match(addresses[0], /^10(?:\.\d{1,3}){3}$/)
  t.not(addresses[0], addresses[1])
})

t.test("an instance's network interface has the recorded members in their order", async t => {
  // Recorded: azure-cli's test_vmss_nics of 2021, whose scale set has no security group.
  const emulator = await build(t, { virtualMachineScaleSets })
  const { headers, body } = await get(emulator, `${SETS}/Workers/virtualMachines/0/networkInterfaces?api-version=2018-10-01`)
  t.match(headers['x-ms-arm-service-request-id'], /^[\da-f-]{36}$/)
  t.equal(body, JSON.stringify(JSON.parse(body), null, 2).replaceAll('\n', '\r\n'), 'indented')
  const { value: [nic] } = JSON.parse(body)
  t.strictSame(Object.keys(nic), ['name', 'id', 'etag', 'properties'])
  t.strictSame(Object.keys(nic.properties), ['provisioningState', 'resourceGuid', 'ipConfigurations', 'dnsSettings',
    'macAddress', 'enableAcceleratedNetworking', 'enableIPForwarding', 'networkSecurityGroup', 'primary', 'virtualMachine',
    'hostedWorkloads', 'tapConfigurations'])
  const [configuration] = nic.properties.ipConfigurations
  t.strictSame(Object.keys(configuration), ['name', 'id', 'etag', 'properties'])
  t.strictSame(Object.keys(configuration.properties), ['provisioningState', 'privateIPAddress', 'privateIPAllocationMethod',
    'subnet', 'primary', 'privateIPAddressVersion', 'loadBalancerBackendAddressPools'])
})

t.test('the interface to which an instance leads can be read, with its etag in a header', async t => {
  // Like the discovery of Prometheus. Recorded: test_vmss_nics.
  const emulator = await build(t, { virtualMachineScaleSets })
  const list = await get(emulator, `${SETS}/Workers/virtualMachines/7/networkInterfaces?api-version=2018-10-01`)
  const { value: [listed] } = list.json()
  // The contract has microsoft.Compute in this path.
  const inOtherCase = listed.id.replace('Microsoft.', 'microsoft.').replace(listed.name, listed.name.toUpperCase())
  for (const path of [listed.id, inOtherCase]) {
    const { statusCode, headers, body } = await get(emulator, `${path}?api-version=2018-10-01`)
    t.equal(statusCode, 200, path)
    t.equal(body, JSON.stringify(listed, null, 2).replaceAll('\n', '\r\n'), 'the same as in the list')
    t.equal(headers['etag'], listed.etag)
    t.match(headers['x-ms-arm-service-request-id'], /^[\da-f-]{36}$/)
  }
})

t.test('an instance has no other interface', async t => {
  const emulator = await build(t, { virtualMachineScaleSets })
  const { statusCode, body } = await get(emulator, `${SETS}/Workers/virtualMachines/7/networkInterfaces/other${QUERY}`)
  t.equal(statusCode, 404)
  const type = 'Microsoft.Compute/virtualMachineScaleSets/Workers/virtualMachines/7/networkInterfaces'
  const message = `The Resource '${type}/other' under resource group 'web'`
  t.match(JSON.parse(body).error, { code: 'ResourceNotFound', message })
})

t.test('a scale set has the interfaces of its instances, in their order', async t => {
  // Recorded: test_vmss_nics.
  const emulator = await build(t, { virtualMachineScaleSets })
  const listOf = async (path: string) =>
    (await get(emulator, `${SETS}/Workers${path}/networkInterfaces?api-version=2018-10-01`)).json().value
  const each = [...await listOf('/virtualMachines/0'), ...await listOf('/virtualMachines/7')]
  t.equal(each.length, 2)
  t.strictSame(await listOf(''), each)
})

t.test('an instance or a scale set that does not exist has no network interfaces', async t => {
  const emulator = await build(t, { virtualMachineScaleSets })
  const code = 'ParentResourceNotFound'
  for (const path of ['Workers/virtualMachines/1/networkInterfaces', 'none/virtualMachines/0/networkInterfaces',
    'Workers/virtualMachines/1/networkInterfaces/any', 'none/networkInterfaces']) {
    const response = await get(emulator, `${SETS}/${path}${QUERY}`)
    t.strictSame([response.statusCode, response.json().error.code], [404, code], path)
  }
})

t.test('finds a network interface and a public address in any case', async t => {
  const emulator = await build(t, { virtualMachines })
  for (const [path, name] of [
    ['networkInterfaces/FRONTVMNIC', 'frontVMNic'], ['publicIPAddresses/frontpublicip', 'frontPublicIP']
  ] as const) {
    const { body } = await get(emulator, `${ROOT}/resourceGroups/web/${NETWORK}/${path}${QUERY}`)
    t.equal(JSON.parse(body).name, name, path)
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
