import { SUBSCRIPTION } from '../../harness/emulator.js'

/** A command of az, and its expected results. */
export interface Step {
  readonly line: string
  /** More arguments, which can contain spaces. */
  readonly more?: readonly string[]
  readonly code?: number
  readonly stdout?: string | RegExp
  readonly stderr?: RegExp
  /** The power state of a machine afterwards. */
  readonly leaves?: readonly [name: string, powerState: string]
}

const OUTPUT = 'Enable succeeded: \n[stdout]\non three\n\n[stderr]\n\n'

const NO_INSTANCE = /^ERROR: \(InvalidParameter\) The provided instanceId 9 is not an active .* instanceId\.$/m
const NOT_RUNNING = /^ERROR: \(OperationNotAllowed\) The operation requires the VM to be running \(or set to run\)\.$/m

/** Stops, starts, restarts and deallocates a machine. */
export const POWER: readonly Step[] = [
  { line: 'vm stop -g rg -n vm', stderr: /^WARNING: About to power off/, leaves: ['vm', 'stopped'] },
  { line: 'vm show -d -g rg -n vm --query powerState -o tsv', stdout: 'VM stopped\n' },
  { line: 'vm restart -g rg -n vm', code: 1, stderr: NOT_RUNNING, leaves: ['vm', 'stopped'] },
  {
    line: 'vm run-command invoke -g rg -n vm --command-id RunShellScript --scripts true',
    code: 1,
    stderr: NOT_RUNNING
  },
  { line: 'vm start -g rg -n vm', stdout: '', leaves: ['vm', 'running'] },
  { line: 'vm restart -g rg -n vm --query status -o tsv', stdout: 'Succeeded\n', leaves: ['vm', 'running'] },
  { line: 'vm deallocate -g rg -n vm', stdout: '', leaves: ['vm', 'deallocated'] },
  {
    line: 'vm get-instance-view -g rg -n vm --query instanceView.statuses[].displayStatus -o tsv',
    stdout: 'Provisioning succeeded\nVM deallocated\n'
  },
  {
    line: 'vm stop -g rg -n vm',
    code: 1,
    stderr: /^ERROR: \(OperationNotAllowed\) Operation 'powerOff' is not allowed on VM 'vm' since .* deallocated/m,
    leaves: ['vm', 'deallocated']
  },
  { line: 'vm start --ids', more: [idOf('vm'), idOf('asleep')], leaves: ['asleep', 'running'] },
  { line: 'vm stop --skip-shutdown -g rg -n vm', leaves: ['vm', 'stopped'] },
  { line: 'vm start -g rg -n unknown', code: 3, stderr: /^ERROR: \(ResourceNotFound\) .*\/unknown/m }
]

/** Reads machines with their network interfaces and addresses. */
export const READS: readonly Step[] = [
  { line: 'vm list -d -g rg -o table', stdout: /^Name +ResourceGroup +PowerState .*\n-.*\nvm +rg +VM running .*westeurope\n/ },
  {
    line: 'vm list -d --query',
    more: ['[].[name, powerState]', '-o', 'tsv'],
    stdout: 'vm\tVM running\nwindows\tVM running\nasleep\tVM deallocated\n'
  },
  { line: 'vm list -g rg --query [].name -o tsv', stdout: 'vm\nwindows\nasleep\n' },
  {
    line: 'vm show -d -g rg -n vm --query',
    more: ["join(' ', [powerState, privateIps, macAddresses])", '-o', 'tsv'],
    stdout: /^VM running \d+(\.\d+){3} [\dA-F]{2}(-[\dA-F]{2}){5}\n$/
  },
  {
    line: 'vm get-instance-view -g rg -n vm --query',
    more: ['instanceView.[osName, vmAgent.statuses[0].displayStatus, statuses[1].code]', '-o', 'tsv'],
    stdout: /^\w+\nReady\nPowerState\/running\n$/
  },
  { line: 'vm show -g rg -n windows --query storageProfile.osDisk.osType -o tsv', stdout: 'Windows\n' },
  { line: 'resource list -g rg --resource-type Microsoft.Compute/virtualMachines --query [].name -o tsv', stdout: 'vm\nwindows\nasleep\n' },
  // az first asks for the api-versions of the type.
  { line: 'resource show --query properties.provisioningState -o tsv --ids', more: [idOf('vm')], stdout: 'Succeeded\n' },
  { line: 'provider register --wait -n Microsoft.Compute', stdout: '' },
  { line: 'provider show -n Microsoft.Compute --query registrationState -o tsv', stdout: 'Registered\n' }
]

const INVOKE_ON_INSTANCE = 'vmss run-command invoke -g rg -n ss --command-id RunShellScript --query value[0].message -o tsv'

/** Reads a scale set, runs scripts on its instances and changes their power. */
export const SCALE_SETS: readonly Step[] = [
  { line: 'vmss list-instances -g rg -n ss --query [].[instanceId,name] -o tsv', stdout: '0\tss_0\n3\tss_3\n' },
  {
    line: 'vmss get-instance-view -g rg -n ss --query virtualMachine.statusesSummary -o tsv',
    stdout: 'ProvisioningState/succeeded\t2\n'
  },
  { line: `${INVOKE_ON_INSTANCE} --instance-id 3 --scripts`, more: ['echo "on $1"', '--parameters', 'three'], stdout: OUTPUT },
  {
    line: `${INVOKE_ON_INSTANCE} --instance-id 9 --scripts true`,
    code: 1,
    stderr: NO_INSTANCE
  },
  {
    line: `${INVOKE_ON_INSTANCE} --instance-id ss_3 --scripts true`,
    code: 1,
    stderr: /^ERROR: \(InvalidParameter\) Virtual Machine Scale Set VM instanceId must be a number\.$/m
  },
  { line: 'vmss stop -g rg -n ss --instance-ids 3', leaves: ['ss/3', 'stopped'] },
  { line: 'vmss get-instance-view -g rg -n ss --instance-id 3 --query statuses[1].code -o tsv', stdout: 'PowerState/stopped\n' },
  { line: 'vmss get-instance-view -g rg -n ss --instance-id 0 --query statuses[1].code -o tsv', stdout: 'PowerState/running\n' },
  { line: `${INVOKE_ON_INSTANCE} --instance-id 3 --scripts true`, code: 1, stderr: NOT_RUNNING },
  { line: 'vmss start -g rg -n ss --instance-ids 0 3', leaves: ['ss/3', 'running'] },
  { line: 'vmss restart -g rg -n ss --instance-ids 3', leaves: ['ss/3', 'running'] },
  { line: 'vmss deallocate -g rg -n ss --instance-ids 0', leaves: ['ss/0', 'deallocated'] },
  { line: 'vmss deallocate -g rg -n ss', leaves: ['ss/3', 'deallocated'] },
  { line: 'vmss start -g rg -n ss', leaves: ['ss/0', 'running'] },
  { line: 'vmss stop -g rg -n ss', leaves: ['ss/3', 'stopped'] },
  {
    line: 'vmss start -g rg -n ss --instance-ids 9',
    code: 1,
    stderr: NO_INSTANCE
  }
]

/** Creates and deletes resource groups with their contents. */
export const GROUPS: readonly Step[] = [
  { line: 'group exists -n new', stdout: 'false\n' },
  {
    line: 'group create -n new -l westeurope --tags for=tests --query',
    more: ["join(' ', [name, location, properties.provisioningState, tags.for])", '-o', 'tsv'],
    stdout: 'new westeurope Succeeded tests\n'
  },
  { line: 'group exists -n new', stdout: 'true\n' },
  { line: 'group show -n new --query tags.for -o tsv', stdout: 'tests\n' },
  { line: 'group list --query [].name -o tsv', stdout: 'rg\nnew\n' },
  { line: 'group delete -n new --yes', stdout: '' },
  { line: 'group show -n new', code: 3, stderr: /^ERROR: \(ResourceGroupNotFound\) Resource group 'new' could not be found\.$/m },
  { line: 'group delete -n rg --yes', stdout: '' },
  { line: 'vm list --query [].name -o tsv', stdout: '' }
]

const NAMED = '-g rg --vm-name vm --name hello'
const ON_INSTANCE = '-g rg --vmss-name ss --instance-id 3 --name hello'
const STATE = "join(' ', [instanceView.executionState, to_string(instanceView.exitCode), instanceView.output])"

/** Creates, updates and deletes managed run commands of machines. */
export const MANAGED: readonly Step[] = [
  {
    line: `vm run-command create ${NAMED} --parameters who=Ada --query provisioningState -o tsv --script`,
    more: ['echo "hello $who"; echo oops >&2; exit 3'],
    stdout: 'Succeeded\n'
  },
  { line: `vm run-command show ${NAMED} --instance-view -o tsv --query`, more: [STATE], stdout: /^Failed 3 hello Ada\n/ },
  {
    line: `vm run-command show ${NAMED} --instance-view -o tsv --query`,
    more: ['instanceView.[error, executionMessage]'],
    stdout: /^oops\n\nExecution failed: failed to execute command: command terminated with exit status=3\n$/
  },
  { line: `vm run-command show ${NAMED} --query instanceView`, stdout: '' },
  { line: 'vm run-command list -g rg --vm-name vm --query [].[name,provisioningState] -o tsv', stdout: 'hello\tSucceeded\n' },
  { line: `vm run-command update ${NAMED} -o tsv --query name --script`, more: ['echo changed'], stdout: 'hello\n' },
  { line: `vm run-command show ${NAMED} --instance-view -o tsv --query`, more: [STATE], stdout: /^Succeeded 0 changed\n/ },
  { line: `vm run-command wait ${NAMED} --created`, stdout: '' },
  {
    line: 'vm run-command create -g rg --vm-name vm --name later --async-execution true -o none --script',
    more: ['sleep 0.2; echo late'],
    stdout: ''
  },
  {
    line: 'vm run-command wait -g rg --vm-name vm --name later --instance-view --interval 1 --custom',
    more: ["instanceView.output=='late\n'"],
    stdout: ''
  },
  {
    line: 'vm run-command create -g rg --vm-name vm --name slow --timeout-in-seconds 1 -o none --script',
    more: ['sleep 100'],
    stdout: ''
  },
  {
    line: 'vm run-command show -g rg --vm-name vm --name slow --instance-view --query instanceView.[executionState,exitCode] -o tsv',
    stdout: 'TimedOut\n-1\n'
  },
  { line: `vm run-command delete ${NAMED} --yes`, stdout: '' },
  {
    line: `vm run-command show ${NAMED}`,
    code: 3,
    stderr: /^ERROR: \(ResourceNotFound\) The Resource '\S+\/virtualMachines\/vm\/runCommands\/hello' /m
  },
  { line: `vm run-command delete ${NAMED} --yes`, stdout: '' },
  {
    line: 'vm run-command create -g rg --vm-name asleep --name hello --script true',
    code: 1,
    stderr: /^ERROR: \(OperationNotAllowed\) Cannot modify extensions in the VM when the VM is not running\.$/m
  },
  {
    line: 'vm run-command create -g rg --vm-name unknown --name hello --script true',
    code: 3,
    stderr: /^ERROR: \(ParentResourceNotFound\) .* Parent resource 'unknown' not found\.$/m
  }
]

/** Creates, updates and deletes managed run commands of an instance of a scale set. */
export const MANAGED_ON_INSTANCE: readonly Step[] = [
  {
    line: `vmss run-command create ${ON_INSTANCE} --query type -o tsv --script`,
    more: ['echo made'],
    stdout: 'Microsoft.Compute/virtualMachineScaleSets/virtualMachines/runCommands\n'
  },
  { line: `vmss run-command show ${ON_INSTANCE} --instance-view -o tsv --query`, more: [STATE], stdout: /^Succeeded 0 made\n/ },
  { line: 'vmss run-command list -g rg --vmss-name ss --instance-id 3 --query [].name -o tsv', stdout: 'hello\n' },
  { line: 'vmss run-command list -g rg --vmss-name ss --instance-id 0 --query [].name -o tsv', stdout: '' },
  { line: `vmss run-command update ${ON_INSTANCE} -o none --script`, more: ['echo changed'] },
  { line: `vmss run-command show ${ON_INSTANCE} --instance-view -o tsv --query`, more: [STATE], stdout: /^Succeeded 0 changed\n/ },
  { line: `vmss run-command delete ${ON_INSTANCE} --yes`, stdout: '' },
  { line: `vmss run-command show ${ON_INSTANCE}`, code: 3, stderr: /^ERROR: \(ResourceNotFound\) /m },
  {
    line: 'vmss run-command create -g rg --vmss-name ss --instance-id 9 --name hello --script true',
    code: 3,
    stderr: /^ERROR: \(ParentResourceNotFound\) .* Parent resource 'ss\/9' not found\.$/m
  }
]

function idOf (name: string): string {
  return `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/${name}`
}
