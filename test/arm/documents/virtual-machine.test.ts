import t from 'tap'
import { instanceViewOf } from '../../../src/arm/documents/instance-view.js'
import { virtualMachineDocument } from '../../../src/arm/documents/virtual-machine.js'
import { DeclaredGroups } from '../../../src/resources/declared-groups.js'
import { InitialStates } from '../../../src/resources/initial-states.js'
import type { MachineCondition, Transition } from '../../../src/resources/machine-states.js'
import { VirtualMachines } from '../../../src/resources/virtual-machines.js'
import { matchList } from '../../harness/match-list.js'

const machines = new VirtualMachines(new DeclaredGroups(), new InitialStates())
const linux = machines.declare({ subscriptionId: 's', resourceGroup: 'rg', name: 'web' })
const windows = machines.declare({ subscriptionId: 's', resourceGroup: 'rg', name: 'a-name-of-20-letters', osType: 'Windows' })
const RUNNING: MachineCondition = { powerState: 'running', etag: 2 }
const DEALLOCATED: MachineCondition = { powerState: 'deallocated', etag: 3 }
const CURRENT = { responseForm: 'current', apiVersion: '2024-07-01' } as const
const OLDER = { responseForm: 'older', apiVersion: '2020-12-01' } as const

const viewOf = (condition: MachineCondition) => instanceViewOf(linux, condition, 'current')
const codesOf = (condition: MachineCondition) =>
  viewOf(condition).statuses.map(({ code, displayStatus }) => [code, displayStatus])

t.test('a machine in transition is updating without a time, and has the power state of the transition', async t => {
  // Documented: states and billing of virtual machines.
  const changes: [Transition, MachineCondition['powerState'], string][] = [
    ['starting', 'deallocated', 'starting'],
    ['stopping', 'running', 'stopping'],
    ['deallocating', 'running', 'deallocating'],
    ['restarting', 'running', 'running']
  ]
  for (const [transition, powerState, power] of changes) {
    const condition = { ...RUNNING, powerState, transition, changedAt: 0 }
    t.strictSame(codesOf(condition), [
      ['ProvisioningState/updating', 'Updating'],
      [`PowerState/${power}`, `VM ${power}`]
    ], transition)
    t.notOk(viewOf(condition).statuses.some(status => 'time' in status), transition)
    t.equal(virtualMachineDocument(linux, condition, CURRENT).properties.provisioningState, 'Updating', transition)
  }
})

t.test('a hibernated machine has a status for it after its power state', async t => {
  // Recorded: net_power_vm_2023-03-01_hibernate.
  t.strictSame(codesOf({ ...DEALLOCATED, isHibernated: true }).slice(1), [
    ['PowerState/deallocated', 'VM deallocated'], ['HibernationState/Hibernated', 'VM hibernated']
  ])
})

t.test("the machine's status has the time of a change in ticks of 100 ns, the agent's in seconds", async t => {
  // Recorded: azcli_power_vm_2024-07-01, `"time": "2024-08-27T10:10:28.6221156+00:00"`.
  const changedAt = Date.parse('2024-08-27T10:10:28.620Z')
  const { vmAgent, disks, statuses } = viewOf({ ...RUNNING, changedAt, disksAt: changedAt - 620, agentAt: changedAt })
  t.match(statuses[0], { time: /^2024-08-27T10:10:28\.620\d{4}\+00:00$/ })
  matchList(t, disks, [{ statuses: [{ time: /^2024-08-27T10:10:28\.000\d{4}\+00:00$/ }] }])
  t.match(vmAgent, { statuses: [{ time: '2024-08-27T10:10:28+00:00' }] })
})

t.test('the disk of a deallocated machine has no size and no type', async t => {
  const diskOf = (condition: MachineCondition) =>
    virtualMachineDocument(linux, condition, CURRENT).properties.storageProfile.osDisk
  t.match(diskOf(RUNNING), { diskSizeGB: 30, managedDisk: { storageAccountType: 'Premium_LRS' } })
  t.strictSame(Object.keys(diskOf(DEALLOCATED)), ['osType', 'name', 'createOption', 'caching', 'managedDisk', 'deleteOption'])
  t.strictSame(Object.keys(diskOf(DEALLOCATED).managedDisk), ['id'])
})

t.test('a machine has an etag and the time of its creation in the api-versions that have them', async t => {
  for (const [apiVersion, hasTime, etag] of [
    ['2020-12-01', false, undefined], ['2021-11-01', true, undefined], ['2024-03-01', true, undefined], ['2024-07-01', true, '"2"']
  ] as const) {
    const document = virtualMachineDocument(linux, RUNNING, { ...CURRENT, apiVersion })
    t.strictSame(['timeCreated' in document.properties, document.etag], [hasTime, etag], apiVersion)
  }
})

t.test('each form has its recorded members', async t => {
  for (const [form, primary, patch, handlers] of [
    [OLDER, { primary: true }, { patchMode: 'AutomaticByOS' }, undefined],
    [CURRENT, undefined, { patchMode: 'AutomaticByOS', assessmentMode: 'ImageDefault' }, []]
  ] as const) {
    const { properties } = virtualMachineDocument(windows, RUNNING, { ...form, hasInstanceView: true })
    const { networkProfile: { networkInterfaces: [nic] }, osProfile, instanceView } = properties as any
    t.strictSame(nic.properties, primary, form.apiVersion)
    t.strictSame(osProfile.windowsConfiguration.patchSettings, patch, form.apiVersion)
    t.strictSame(instanceView.vmAgent.extensionHandlers, handlers, form.apiVersion)
  }
})

t.test('a Windows machine has a host name of at most 15 characters', async t => {
  t.equal(instanceViewOf(windows, RUNNING, 'current').computerName, 'a-name-of-20-le')
})
