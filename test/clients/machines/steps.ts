/**
 * A session with machines, instances of a scale set and managed run commands, as a list of steps: the call of a
 * program, and what its user sees. The programs in js, python, go, java and dotnet run them, each with its SDK.
 */
import { managed } from './managed-steps.js'
import { TIME, type Part } from './step.js'

const vm = { vm: 'vm' }
const asleep = { vm: 'asleep' }
const first = { set: 'set', instance: '0' }
const second = { set: 'set', instance: '1' }
const expand = 'instanceView'

const PROVISIONED = 'Info ProvisioningState/succeeded'
const RUNNING = { statuses: [PROVISIONED, 'Info PowerState/running'], changed: TIME, agent: 'Ready' }
const STOPPED = { ...RUNNING, statuses: [PROVISIONED, 'Info PowerState/stopped'] }
const DEALLOCATED = { statuses: [PROVISIONED, 'Info PowerState/deallocated'], changed: TIME }

const MACHINE =
  { location: 'westeurope', provisioningState: 'Succeeded', vmSize: 'Standard_DS1_v2', osType: 'Linux' }
const SET = { name: 'set', location: 'westeurope', provisioningState: 'Succeeded', capacity: 2, orchestrationMode: 'Uniform' }
const INSTANCE = { location: 'westeurope', provisioningState: 'Succeeded', latestModelApplied: true }

const NOT_RUNNING = { code: 'OperationNotAllowed', status: 409, message: /requires the VM to be running/ }
const ALREADY_OFF = { code: 'OperationNotAllowed', status: 409, message: /'powerOff' is not allowed on VM 'asleep'/ }
const NO_EXTENSIONS = { code: 'OperationNotAllowed', status: 409, message: /Cannot modify extensions in the VM/ }
const NO_INSTANCE = { code: 'InvalidParameter', status: 400, message: /instanceId 9 is not an active/ }

const SCRIPT = { commandId: 'RunShellScript', script: ['echo hi'] }
const SAID_HI = [`${PROVISIONED}: Enable succeeded: \n[stdout]\nhi\n\n[stderr]\n`]

/** The steps in parts. Scripts can write to the folder. */
export function partsIn (folder: string): Part[] {
  return [
    {
      title: 'starts, stops and deallocates a machine, and reads its power state',
      steps: [
        { call: 'vm.get', ...asleep, expand, sees: { name: 'asleep', ...MACHINE, ...DEALLOCATED } },
        { call: 'vm.start', ...asleep },
        { call: 'vm.instanceView', ...asleep, sees: RUNNING },
        { call: 'vm.run', ...asleep, body: SCRIPT, sees: SAID_HI },
        { call: 'vm.powerOff', ...asleep, skipShutdown: true },
        { call: 'vm.get', ...asleep, expand, sees: { name: 'asleep', ...MACHINE, ...STOPPED } },
        { call: 'vm.deallocate', ...asleep },
        { call: 'vm.instanceView', ...asleep, sees: DEALLOCATED },
        { call: 'vm.deallocate', ...asleep },
        { call: 'vm.restart', ...vm },
        { call: 'vm.redeploy', ...vm },
        { call: 'vm.start', ...vm },
        { call: 'vm.get', ...vm, sees: { name: 'vm', ...MACHINE } },
        { call: 'vm.instanceView', ...vm, sees: RUNNING },
        { call: 'vm.list', sees: [{ name: 'vm', ...MACHINE }, { name: 'asleep', ...MACHINE }] }
      ]
    },
    {
      title: 'gets 409 and 404 for actions that a machine refuses, which do not change it',
      steps: [
        { call: 'vm.restart', ...asleep, error: NOT_RUNNING },
        { call: 'vm.redeploy', ...asleep, error: NOT_RUNNING },
        { call: 'vm.run', ...asleep, body: SCRIPT, error: NOT_RUNNING },
        { call: 'vm.powerOff', ...asleep, error: ALREADY_OFF },
        { call: 'command.create', ...asleep, name: 'c', body: { location: 'westeurope', source: { script: 'true' } }, error: NO_EXTENSIONS },
        { call: 'vm.instanceView', ...asleep, sees: DEALLOCATED },
        { call: 'vm.start', vm: 'nowhere', error: { code: 'ResourceNotFound', status: 404, message: /virtualMachines\/nowhere/ } },
        { call: 'vm.get', vm: 'nowhere', error: { code: 'ResourceNotFound', status: 404, message: /virtualMachines\/nowhere/ } }
      ]
    },
    {
      title: 'reads a scale set and its instances, and runs a script on one',
      steps: [
        { call: 'set.get', set: 'set', sees: SET },
        { call: 'set.list', sees: [SET] },
        { call: 'set.instanceView', set: 'set', sees: { counts: ['2 ProvisioningState/succeeded'], statuses: [PROVISIONED] } },
        {
          call: 'instance.list',
          set: 'set',
          sees: [{ name: 'set_0', instanceId: '0', ...INSTANCE }, { name: 'set_1', instanceId: '1', ...INSTANCE }]
        },
        { call: 'instance.get', ...first, expand, sees: { name: 'set_0', instanceId: '0', ...INSTANCE, ...RUNNING } },
        { call: 'instance.instanceView', ...second, sees: RUNNING },
        { call: 'instance.run', ...second, body: SCRIPT, sees: SAID_HI },
        { call: 'instance.run', set: 'set', instance: '9', body: SCRIPT, error: NO_INSTANCE },
        {
          call: 'instance.get',
          set: 'set',
          instance: '9',
          error: { code: 'ResourceNotFound', status: 404, message: /virtualMachineScaleSets\/set\/virtualMachines\/9/ }
        }
      ]
    },
    {
      title: 'starts and stops one, some and all instances of a scale set',
      steps: [
        { call: 'instance.powerOff', ...first },
        { call: 'instance.instanceView', ...first, sees: STOPPED },
        { call: 'instance.run', ...first, body: SCRIPT, error: NOT_RUNNING },
        { call: 'instance.start', ...first },
        { call: 'instance.restart', ...first },
        { call: 'instance.redeploy', ...first },
        { call: 'instance.instanceView', ...first, sees: RUNNING },
        { call: 'instance.deallocate', ...first },
        { call: 'instance.restart', ...first, error: NOT_RUNNING },
        { call: 'instance.instanceView', ...first, sees: DEALLOCATED },
        { call: 'set.start', set: 'set' },
        { call: 'set.deallocate', set: 'set', ids: ['1'] },
        { call: 'instance.instanceView', ...first, sees: RUNNING },
        { call: 'instance.instanceView', ...second, sees: DEALLOCATED },
        { call: 'set.start', set: 'set', ids: ['1'] },
        { call: 'set.restart', set: 'set' },
        { call: 'set.powerOff', set: 'set' },
        { call: 'instance.get', ...second, expand, sees: { name: 'set_1', instanceId: '1', ...INSTANCE, ...STOPPED } },
        { call: 'set.start', set: 'set' },
        { call: 'instance.run', ...second, body: SCRIPT, sees: SAID_HI }
      ]
    },
    ...managed('a machine', vm, folder),
    ...managed('an instance of a scale set', second, folder),
    {
      title: 'gets 404 for a managed run command of a machine that does not exist',
      steps: [{
        call: 'command.create',
        vm: 'nowhere',
        name: 'c',
        body: { location: 'westeurope', source: { script: 'true' } },
        error: { code: 'ParentResourceNotFound', status: 404, message: /Parent resource 'nowhere' not found/ }
      }]
    }
  ]
}
