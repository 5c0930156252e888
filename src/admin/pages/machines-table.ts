import type { MachineCondition } from '../../resources/machine-states.js'
import type { ScaleSet, ScaleSets } from '../../resources/scale-sets.js'
import type { VirtualMachine } from '../../resources/virtual-machines.js'
import { html, type Content } from './html.js'
import type { Machines } from './running-machine.js'

export interface MachinesTableOptions extends Machines {
  readonly settings: { readonly strict: boolean }
  readonly scaleSets: ScaleSets
}

/** The most machines to list, and the most scale sets. */
const MAX_MACHINES = 50

/** The declared machines, or which ones exist without any. */
export async function machinesTable (options: MachinesTableOptions): Promise<Content> {
  const { settings, virtualMachines, machineStates } = options
  const declared = virtualMachines.list()
  if (declared.length === 0) {
    return settings.strict
      ? html`<p>None is declared, so with <code>--strict</code> none exists.</p>`
      : html`<p>None is declared: every virtual machine exists, whatever its name, and runs unless it was stopped.</p>`
  }
  const listed = declared.slice(0, MAX_MACHINES)
  const rows = await Promise.all(listed.map(async vm => machineRow(vm, await machineStates.read(vm))))
  const more = declared.length - rows.length
  return html`<table class="machines">
<thead><tr><th>Name</th><th>Resource group</th><th>Subscription</th><th>Location</th><th>System</th><th>State</th></tr></thead>
<tbody>${rows}</tbody>
</table>
${more > 0 && html`<p class="soft">And ${more} more.</p>`}
${!settings.strict && html`<p class="soft">In other resource groups every virtual machine exists, and runs unless it was stopped.</p>`}`
}

function machineRow ({ id, location, osType }: VirtualMachine, condition: MachineCondition): Content {
  return html`<tr><td data-label="Name" class="name">${id.name}</td>
<td data-label="Resource group" class="name">${id.resourceGroup}</td>
<td data-label="Subscription"><code>${id.subscriptionId}</code></td><td data-label="Location">${location}</td>
<td data-label="System">${osType}</td>
<td data-label="State">${stateOf(condition)}</td></tr>`
}

/** What is happening to a machine, or else its state. */
function stateOf ({ powerState, transition }: MachineCondition): Content {
  if (transition !== undefined) return html`<span class="busy">${transition}</span>`
  return html`<span class="${powerState === 'running' ? 'good' : 'soft'}">${powerState}</span>`
}

/** The declared scale sets; nothing without any. */
export async function scaleSetsTable ({ scaleSets, machineStates }: MachinesTableOptions): Promise<Content> {
  const declared = scaleSets.list()
  if (declared.length === 0) return undefined
  const rows = await Promise.all(declared.slice(0, MAX_MACHINES).map(async scaleSet => {
    const instances = await Promise.all(scaleSets.instances(scaleSet).slice(0, MAX_MACHINES).map(async vm =>
      html`<li>${vm.scaleSet!.instanceId} ${stateOf(await machineStates.read(vm))}</li>`))
    return scaleSetRow(scaleSet, instances)
  }))
  const more = declared.length - rows.length
  return html`<h2>Scale sets</h2>
<table class="scale-sets">
<thead><tr><th>Name</th><th>Resource group</th><th>Subscription</th><th>Location</th><th>System</th><th>Instances</th></tr></thead>
<tbody>${rows}</tbody>
</table>
${more > 0 && html`<p class="soft">And ${more} more.</p>`}`
}

function scaleSetRow ({ id, location, osType, instanceIds }: ScaleSet, instances: readonly Content[]): Content {
  const more = instanceIds.length - instances.length
  return html`<tr><td data-label="Name" class="name">${id.name}</td>
<td data-label="Resource group" class="name">${id.resourceGroup}</td>
<td data-label="Subscription"><code>${id.subscriptionId}</code></td><td data-label="Location">${location}</td>
<td data-label="System">${osType}</td>
<td data-label="Instances"><ul class="instances" role="list">${instances}${more > 0 && html`<li class="soft">and ${more} more</li>`}</ul></td></tr>`
}
