// Runs the steps of ../machines/steps.ts with @azure/arm-compute, and prints what a user sees of each as one line of
// JSON: node machines.js RELEASE FILE
import { readFileSync } from 'node:fs'

const [release, file] = process.argv.slice(2)
/** Whether it is a release before 17, without pollers and pages. */
const IS_OLD = release.startsWith('16')
const compute = await import(`arm-compute-${release}`)
const { ClientSecretCredential } = await import(IS_OLD ? 'identity-3' : '@azure/identity')

const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, AZURE_SUBSCRIPTION_ID } = process.env
const credential = new ClientSecretCredential(AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET)
const client = new compute.ComputeManagementClient(credential, AZURE_SUBSCRIPTION_ID,
  IS_OLD ? { longRunningOperationRetryTimeout: 0 } : {})
const { virtualMachines: vms, virtualMachineScaleSets: sets, virtualMachineScaleSetVMs: instances } = client
const { virtualMachineRunCommands: commands, virtualMachineScaleSetVMRunCommands: instanceCommands } = client

const calls = {
  'vm.get': async step => toMachine(await vms.get(...idOf(step), { expand: step.expand })),
  'vm.list': async () => await listed(vms.list('rg'), toMachine),
  'vm.instanceView': async step => toView(await vms.instanceView(...idOf(step))),
  'vm.start': async step => await act(vms, 'start', ...idOf(step)),
  'vm.powerOff': async step => await act(vms, 'powerOff', ...idOf(step), { skipShutdown: step.skipShutdown }),
  'vm.restart': async step => await act(vms, 'restart', ...idOf(step)),
  'vm.redeploy': async step => await act(vms, 'redeploy', ...idOf(step)),
  'vm.deallocate': async step => await act(vms, 'deallocate', ...idOf(step)),
  'vm.run': async step => toMessages(await end(vms, 'runCommand', ...idOf(step), step.body)),

  'set.get': async step => toSet(await sets.get(...idOf(step))),
  'set.list': async () => await listed(sets.list('rg'), toSet),
  'set.instanceView': async step => toSummary(await sets.getInstanceView(...idOf(step))),
  'set.start': async step => await act(sets, 'start', ...idOf(step), idsOf(step)),
  'set.powerOff': async step => await act(sets, 'powerOff', ...idOf(step), idsOf(step)),
  'set.restart': async step => await act(sets, 'restart', ...idOf(step), idsOf(step)),
  'set.deallocate': async step => await act(sets, 'deallocate', ...idOf(step), idsOf(step)),

  'instance.get': async step => toInstance(await instances.get(...idOf(step), { expand: step.expand })),
  'instance.list': async step => await listed(instances.list('rg', step.set), toInstance),
  'instance.instanceView': async step => toView(await instances.getInstanceView(...idOf(step))),
  'instance.start': async step => await act(instances, 'start', ...idOf(step)),
  'instance.powerOff': async step => await act(instances, 'powerOff', ...idOf(step)),
  'instance.restart': async step => await act(instances, 'restart', ...idOf(step)),
  'instance.redeploy': async step => await act(instances, 'redeploy', ...idOf(step)),
  'instance.deallocate': async step => await act(instances, 'deallocate', ...idOf(step)),
  'instance.run': async step => toMessages(await end(instances, 'runCommand', ...idOf(step), step.body)),

  'command.create': async step => toCommand(await end(commandsOf(step), 'createOrUpdate', ...idOf(step), step.body)),
  'command.update': async step => toCommand(await end(commandsOf(step), 'update', ...idOf(step), step.body)),
  'command.get': async step => toCommand(await getCommand(step)),
  'command.ended': async step => await ended(step),
  'command.list': async step => await listed(listCommands(step), toCommand),
  'command.delete': async step => await act(commandsOf(step), IS_OLD ? 'deleteMethod' : 'delete', ...idOf(step))
}

const seen = []
for (const step of JSON.parse(readFileSync(file, 'utf8'))) {
  seen.push(await calls[step.call](step).then(value => ({ value: value ?? null }), toError))
}
console.log(JSON.stringify(seen))

/** Calls a long-running operation and returns its result. The old generation returns the polled operation. */
async function end (operations, name, ...args) {
  if (!IS_OLD) return await operations[`begin${name[0].toUpperCase()}${name.slice(1)}AndWait`](...args)
  const result = await operations[name](...args)
  return name === 'runCommand' ? result.properties.output : result
}

/** Calls an operation without a result. Some generations return what they polled. */
async function act (...args) {
  await end(...args)
}

function idOf ({ vm, set, instance, name }) {
  return ['rg', vm, set, instance, name].filter(each => each !== undefined)
}

function idsOf ({ ids }) {
  return { vmInstanceIDs: ids && { instanceIds: ids } }
}

function commandsOf ({ vm }) {
  return vm === undefined ? instanceCommands : commands
}

async function getCommand (step) {
  const options = { expand: step.expand }
  return step.vm === undefined
    ? await instanceCommands.get(...idOf(step), options)
    : await commands.getByVirtualMachine(...idOf(step), options)
}

function listCommands (step) {
  return step.vm === undefined ? instanceCommands.list(...idOf(step)) : commands.listByVirtualMachine(...idOf(step))
}

/** Waits until an asynchronous command has ended, and returns it. */
async function ended (step) {
  for (;;) {
    const command = toCommand(await getCommand(step))
    if (command.executionState !== 'Running') return command
  }
}

async function listed (pages, toItem) {
  const items = []
  if (IS_OLD) items.push(...await pages)
  else for await (const item of pages) items.push(item)
  return items.map(toItem)
}

function toMachine ({ name, location, provisioningState, hardwareProfile, storageProfile, instanceView }) {
  const { osType } = storageProfile.osDisk
  return { name, location, provisioningState, vmSize: hardwareProfile.vmSize, osType, ...toView(instanceView) }
}

function toInstance ({ name, instanceId, location, provisioningState, latestModelApplied, instanceView }) {
  return { name, instanceId, location, provisioningState, latestModelApplied, ...toView(instanceView) }
}

function toView (view) {
  if (!view) return undefined
  return {
    statuses: view.statuses.map(({ level, code }) => `${level} ${code}`),
    changed: view.statuses[0].time?.getTime(),
    agent: view.vmAgent?.statuses[0].displayStatus
  }
}

function toSet ({ name, location, provisioningState, sku, orchestrationMode }) {
  return { name, location, provisioningState, capacity: sku.capacity, orchestrationMode }
}

function toSummary ({ virtualMachine, statuses }) {
  const counts = virtualMachine.statusesSummary.map(({ code, count }) => `${count} ${code}`)
  return { counts, statuses: statuses.map(({ level, code }) => `${level} ${code}`) }
}

function toMessages ({ value }) {
  return value.map(({ level, code, message }) => `${level} ${code}: ${message}`)
}

function toCommand ({ name, location, tags, provisioningState, instanceView, ...properties }) {
  const { source, parameters, timeoutInSeconds, asyncExecution, treatFailureAsDeploymentFailure } = properties
  return {
    name,
    location,
    tags,
    provisioningState,
    script: source.script,
    parameters: parameters?.map(({ name, value }) => `${name}=${value}`),
    timeoutInSeconds,
    asyncExecution,
    treatFailureAsDeploymentFailure,
    ...instanceView && toExecution(instanceView)
  }
}

function toExecution ({ executionState, executionMessage, exitCode, output, error, startTime, endTime }) {
  const isKnown = Object.values(compute.KnownExecutionState ?? { executionState }).includes(executionState)
  return {
    executionState: isKnown ? executionState : `unknown: ${executionState}`,
    executionMessage,
    exitCode,
    output,
    error,
    startTime: startTime?.getTime(),
    endTime: endTime?.getTime()
  }
}

function toError (error) {
  const { code, statusCode: status, message } = error
  return { error: { type: error.constructor.name, code, status, message } }
}
