import { derivedId } from '../core/derived-id.js'
import type { VirtualMachine } from '../core/virtual-machines.js'
import type { RunCommandDocument } from '../guest/documents.js'
import type { Answer } from './answer.js'
import { ArmError } from './errors.js'
import { indented } from './indented.js'
import type { ArmRequest, Handlers, Services } from './contract.js'
import { rateLimits } from './headers.js'
import { acceptedAnswer, paced, resultAnswer } from './operations.js'
import { preferenceOf } from './preference.js'

type VirtualMachineHandlers = Pick<Handlers,
  'VirtualMachines_RunCommand' | 'VirtualMachines_Get' | 'VirtualMachines_List' | 'VirtualMachines_ListAll'>

export function virtualMachineHandlers (services: Services): VirtualMachineHandlers {
  const { virtualMachines } = services
  return {
    VirtualMachines_RunCommand: request => runCommand(request, services),
    VirtualMachines_Get: request => {
      const { subscriptionId, resourceGroupName, vmName } = request.params
      const vm = findVirtualMachine(virtualMachines, subscriptionId, resourceGroupName, vmName)
      return found(model(vm, `${request.query.$expand}`.toLowerCase() === 'instanceview'))
    },
    VirtualMachines_List: request => {
      const { subscriptionId, resourceGroupName } = request.params
      return found({ value: virtualMachines.list(subscriptionId, resourceGroupName).map(vm => model(vm)) })
    },
    VirtualMachines_ListAll: request =>
      found({ value: virtualMachines.list(request.params.subscriptionId).map(vm => model(vm)) })
  }
}

/** The machine, or the gateway's error for what is missing of the path to it. */
export function findVirtualMachine (virtualMachines: Services['virtualMachines'], subscriptionId: string,
  resourceGroup: string, vmName: string, osType?: VirtualMachine['osType']): VirtualMachine {
  if (!virtualMachines.hasResourceGroup(subscriptionId, resourceGroup)) {
    throw new ArmError('ResourceGroupNotFound', { resourceGroup })
  }
  const vm = virtualMachines.find(subscriptionId, resourceGroup, vmName, osType)
  if (vm === undefined) throw new ArmError('ResourceNotFound', { vmName, resourceGroup })
  return vm
}

/** Written once for both ways of answering: `immediate` is an operation that the request waits for. */
async function runCommand (request: ArmRequest<'VirtualMachines_RunCommand'>, services: Services): Promise<Answer> {
  const { agent, documents, operations, virtualMachines, settings } = services
  const { subscriptionId, resourceGroupName, vmName } = request.params
  const { commandId, script, parameters } = request.body
  const document = documents.find(commandId)
  if (document === undefined) throw new ArmError('NotFound')
  const vm = findVirtualMachine(virtualMachines, subscriptionId, resourceGroupName, vmName, document.osType)
  const target = `${subscriptionId}/${resourceGroupName}/${vmName}`.toLowerCase()
  requireReady(vm, document, operations.isBusy(target))
  const command = { document, script, parameters }
  const operation = await operations.start({
    scope: { subscriptionId, location: vm.location },
    target,
    plan: { delay: settings.delay },
    answer: () => agent.answer(vm, command),
    work: controller => agent.run(vm, command, controller)
  })
  const { wait, applied } = preferenceOf(request.headers.prefer, settings.respond)
  const settled = await operations.settle(operation, wait)
  const view = { operation: settled, request }
  const answer = wait === 0 || settled.status === 'InProgress'
    ? paced(acceptedAnswer(view), settings)
    : resultAnswer(view, rateLimits.runCommand, operation.id)
  if (applied === undefined) return answer
  return { ...answer, headers: [...answer.headers ?? [], 'Preference-Applied', applied] }
}

/** The order of these checks is inferred. */
function requireReady (vm: VirtualMachine, document: RunCommandDocument, busy: boolean): void {
  if (vm.osType !== document.osType) {
    throw new ArmError('OperatingSystemMismatch', { commandOs: document.osType, vmOs: vm.osType })
  }
  if (vm.powerState !== 'running') throw new ArmError('OperationNotAllowed')
  if (busy) throw new ArmError('RunCommandInProgress')
}

function resourceId ({ subscriptionId, resourceGroup, name }: VirtualMachine): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Compute/virtualMachines/${name}`
}

/** As far as clients read it (clients' `vm show` and `vm list`). */
function model (vm: VirtualMachine, withInstanceView = false) {
  const id = resourceId(vm)
  return {
    name: vm.name,
    id,
    type: 'Microsoft.Compute/virtualMachines',
    location: vm.location,
    properties: {
      vmId: derivedId(id),
      hardwareProfile: { vmSize: 'Standard_B2s' },
      provisioningState: 'Succeeded',
      storageProfile: { osDisk: { osType: vm.osType, name: `${vm.name}_OsDisk`, createOption: 'FromImage' }, dataDisks: [] },
      osProfile: { computerName: vm.name, adminUsername: 'azureuser', secrets: [], allowExtensionOperations: true },
      networkProfile: { networkInterfaces: [] },
      ...withInstanceView && { instanceView: instanceView(vm) }
    }
  }
}

function instanceView ({ name, osType, powerState }: VirtualMachine) {
  return {
    computerName: name,
    osName: osType,
    vmAgent: { vmAgentVersion: 'azrun', statuses: [ready] },
    statuses: [
      { code: 'ProvisioningState/succeeded', level: 'Info', displayStatus: 'Provisioning succeeded' },
      { code: `PowerState/${powerState}`, level: 'Info', displayStatus: `VM ${powerState}` }
    ]
  }
}

const ready = { code: 'ProvisioningState/succeeded', level: 'Info', displayStatus: 'Ready' }

function found (value: unknown): Answer {
  return { status: 200, layer: 'service', body: indented(value), rateLimit: rateLimits.virtualMachine }
}
