import { scaleSetId, virtualMachineId } from '../../../src/core/resource-id.js'
import type { Emulator, EmulatorOptions } from '../../../src/index.js'
import { whole } from '../../harness/whole.js'
import type { Recorder } from './recording.js'

/** A capture, and what azrun needs to replay it. */
export interface Session {
  readonly title: string
  readonly file: string
  readonly recorder: Recorder
  /** The machines at the start of the capture. */
  readonly declared: EmulatorOptions
  /** Outputs of scripts that the recording does not show. */
  readonly fixtures?: EmulatorOptions['fixtures'] & readonly object[]
  readonly notServed?: readonly NotServed[]
  readonly byHand?: readonly ByHand[]
}

/** Exchanges that azrun refuses, by their index in the file. */
interface NotServed {
  readonly exchanges: readonly number[]
  readonly why: string
}

/** A change that a missing or unserved exchange made on Azure. */
interface ByHand {
  readonly before: number
  readonly why: string
  change (emulator: Emulator): void | Promise<void>
}

const ZERO = '00000000-0000-0000-0000-000000000000'
const STATES = { subscriptionId: ZERO, resourceGroup: 'cli_test_vm_state_mod000001', name: 'vm-state-mod', location: 'eastus' }
const INSTANCES = { subscriptionId: ZERO, resourceGroup: 'cli_test_vmss_vms000001', name: 'clitestvmss000002', location: 'westus' }
const JAVA = { subscriptionId: ZERO, resourceGroup: 'rgcomvc56705632b433cf8', location: 'westus' }

export const SESSIONS: readonly Session[] = [
  {
    title: 'run commands of the Azure CLI in 2020',
    file: 'azcli_vm__latest__test_vm_run_command_e2e.json',
    recorder: 'az',
    declared: {}
  },
  {
    title: 'a run command of the Java SDK',
    file: 'java_canRunScriptOnVM.json',
    recorder: 'java',
    declared: { virtualMachines: [{ subscriptionId: ZERO, resourceGroup: 'javacsmrg86288', name: 'javavm', location: 'eastus' }] }
  },
  {
    title: 'a run command of the Azure CLI today',
    file: 'azcli_action_vm_2024-07-01_test_vm_run_command_with_parameters.json',
    recorder: 'az',
    declared: {}
  },
  {
    title: 'run commands on two instances of a scale set',
    file: 'azcli_action_vmss_test_vmss_run_command_with_parameters.json',
    recorder: 'az',
    declared: {}
  },
  {
    title: 'a managed run command on Linux',
    file: 'azcli_managed_vm_2024-07-01_test_run_command_v2.json',
    recorder: 'az',
    declared: {},
    fixtures: [{
      name: 'Write-Host',
      match: { script: 'Write-Host*' },
      result: {
        exitCode: 127,
        stderr: '/var/lib/waagent/run-command-handler/download/cmd-000003/0/script.sh: line 1: Write-Host: command not found\n'
      }
    }]
  },
  {
    title: 'a managed run command on Windows',
    file: 'net_managed_vm_windows_2021-11-01_TestVMRunCommandOperations.json',
    recorder: 'net',
    declared: {
      virtualMachines: [{
        subscriptionId: 'e37510d7-33b6-4676-886f-ee75bcc01871',
        resourceGroup: 'crptestar7333',
        name: 'vm9355',
        location: 'southeastasia',
        osType: 'Windows'
      }]
    },
    fixtures: [{ name: 'Write-Host', match: { script: 'Write-Host*' }, result: { stdout: 'Hello World!\r\n' } }]
  },
  {
    title: 'the power of a machine, by the Azure CLI',
    file: 'azcli_power_vm_2024-07-01_test_vm_create_state_modifications.json',
    recorder: 'az',
    declared: {},
    notServed: [{ exchanges: [33, 34, 35], why: 'DELETE of a machine, and its polls: azrun does not serve it' }],
    byHand: [
      {
        before: 1,
        why: 'a deployment that the capture lacks created the machine',
        change: async ({ virtualMachines }) => { await virtualMachines.declare(STATES) }
      },
      {
        before: 36,
        why: 'exchange 33 deleted the machine',
        change: async ({ virtualMachines }) => {
          await virtualMachines.remove(virtualMachineId(STATES.subscriptionId, STATES.resourceGroup, STATES.name))
        }
      }
    ]
  },
  {
    title: 'the power of a machine, by the Java SDK',
    file: 'java_power_vm_testManageVirtualMachine.json',
    recorder: 'java',
    declared: {
      virtualMachines: [
        { ...JAVA, name: 'wvm6a1891317e90e23c7', osType: 'Windows' },
        { ...JAVA, name: 'lvm3fd15448f47ade142', osType: 'Linux' }
      ]
    },
    notServed: [
      { exchanges: [0, 1, 2, 3], why: 'polls of the PUT that creates the machine: azrun creates none' },
      { exchanges: [5, 8, 12], why: 'PATCH of the tags and data disks of a machine: azrun changes only its power' },
      { exchanges: [6, 9, 10, 13, 14], why: 'polls of these PATCHes' },
      { exchanges: [22, 23], why: 'polls of the PUT of the second machine' },
      { exchanges: [25, 26, 27, 28], why: 'DELETE of a machine, and its polls: azrun does not serve it' }
    ]
  },
  {
    title: 'a scale set and its power',
    file: 'azcli_power_vmss_2024-07-01_test_vmss_vms.json',
    recorder: 'az',
    declared: { virtualMachineScaleSets: [{ ...INSTANCES, instances: ['0', '3'] }] },
    notServed: [
      { exchanges: [27], why: 'POST delete of instances: azrun does not serve it' },
      { exchanges: [28, 29, 30], why: 'polls of the deletion' },
      { exchanges: [32], why: "a scale set with flexible orchestration: azrun's are uniform" }
    ],
    byHand: [
      { before: 0, why: 'one instance is still being created', change: emulator => setTransition(emulator, 'starting') },
      { before: 2, why: 'the instance has been created', change: emulator => setTransition(emulator, undefined) },
      {
        before: 31,
        why: 'exchange 27 deleted the instances',
        change: async ({ scaleSets }) => { await scaleSets.declare({ ...INSTANCES, instances: [] }) }
      }
    ]
  }
]

async function setTransition (emulator: Emulator, transition: 'starting' | undefined): Promise<void> {
  const { machineStates, scaleSets } = whole(emulator)
  const { subscriptionId, resourceGroup, name } = INSTANCES
  const vm = scaleSets.instance(scaleSets.find(scaleSetId(subscriptionId, resourceGroup, name))!, '0')!
  await machineStates.change(vm, { ...await machineStates.read(vm), transition })
}
