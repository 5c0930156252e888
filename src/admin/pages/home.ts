import type { MachineCondition } from '../../resources/machine-states.js'
import type { ScaleSet, ScaleSets } from '../../resources/scale-sets.js'
import type { VirtualMachine } from '../../resources/virtual-machines.js'
import { sampleCurl } from './curl.js'
import { homeScript } from './home-script.js'
import { html, type Content } from './html.js'
import { documentOf, type Document } from './layout.js'
import { liveSection, type LiveOptions } from './live.js'
import { runningMachine, type Machines } from './running-machine.js'
import { runsTable, type RunsOptions } from './runs.js'

export interface HomeOptions extends RunsOptions, Machines {
  readonly version: string
  /** The executor's name; `custom` for a program's own. */
  readonly executor: string
  readonly settings: Settings
  readonly scaleSets: ScaleSets
  /** The token by which azrun recognizes requests of the page's script. */
  readonly token: string
  /** Undefined if no requests are recorded. */
  readonly live: LiveOptions | undefined
  /** The file with the certificate to trust; undefined without a port. */
  readonly caFile?: string
}

/** The settings that the page reads. It also shows all others that are text, numbers, switches or lists of text. */
export interface Settings {
  readonly auth: 'any' | 'strict' | 'off'
  readonly strict: boolean
  readonly roleAssignments: readonly object[]
}

/** The most machines to list, and the most scale sets. */
const MAX_MACHINES = 50

/** The page that tells people what azrun is and how this one runs. `authority` is that of the page's URL. */
export async function homePage (options: HomeOptions, authority: string): Promise<Document> {
  const { version, executor, live, token } = options
  const [runs, machines, scaleSets, sample] =
    await Promise.all([runsTable(options), machinesOf(options), scaleSetsOf(options), sampleOf(options, authority)])
  const main = html`
<h1>azrun ${version}</h1>
<p>A local emulator of <strong>Azure Virtual Machines Run Command</strong>. Programs that call Azure call it instead, unchanged,
and get Azure's responses. ${explained(executor)}</p>
<h2>Run a command</h2>
${sample}
${liveSection(live, runs)}
<h2>Virtual machines</h2>
${machines}
${scaleSets}
<h2>Settings</h2>
<dl class="facts">${settingsOf(options)}</dl>
<h2>More</h2>
${links(options)}`
  return documentOf({ title: 'azrun', path: '/_emulator/', main, token, script: homeScript })
}

const EXECUTORS: Readonly<Record<string, Content>> = {
  fixture: html`It runs nothing: the executor is <code>fixture</code>, which returns canned results.
With <code>--executor shell</code> it runs scripts on this machine.`,
  shell: html`It runs scripts on this machine: the executor is <code>shell</code>.`,
  custom: 'The program that started it runs the scripts, with an executor of its own.'
}

function explained (executor: string): Content {
  return EXECUTORS[executor] ?? html`The executor is <code>${executor}</code>.`
}

async function sampleOf (options: HomeOptions, authority: string): Promise<Content> {
  const { executor, settings: { auth, roleAssignments } } = options
  const vm = await runningMachine(options)
  if (vm === undefined) return html`<p>No declared machine is running, so no command can run.</p>`
  const needsToken = auth === 'strict' || (auth === 'any' && roleAssignments.length > 0)
  const command = sampleCurl({ vm, authority, runsScripts: executor !== 'fixture', needsToken })
  return html`<pre class="copyable"><code>${command}</code></pre>
${needsToken && html`<p class="soft">TOKEN must be a <a href="/_emulator/docs/entra#Tokens_IssueV2">token</a> of a principal
that may run commands.</p>`}
<p>Or <a href="/_emulator/docs#VirtualMachines_RunCommand">run one in the browser</a>.</p>`
}

async function machinesOf ({ settings, virtualMachines, machineStates }: HomeOptions): Promise<Content> {
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
async function scaleSetsOf ({ scaleSets, machineStates }: HomeOptions): Promise<Content> {
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

/** Each plain setting, with its flag. Leaves out declarations, which have secrets. */
function settingsOf ({ executor, settings }: HomeOptions): Content[] {
  const plain = Object.entries({ ...settings, executor }).filter(([, value]) => isPlain(value))
  return plain.map(([name, value]) =>
    html`<div><dt>${flag(name)}</dt><dd><code>${shown(value)}</code></dd></div>`)
}

function flag (name: string): string {
  return `--${name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`
}

function isPlain (value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value) ||
    (Array.isArray(value) && value.length > 0 && value.every(each => typeof each === 'string'))
}

function shown (value: unknown): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  return Array.isArray(value) ? value.join(', ') : String(value)
}

function links ({ caFile }: HomeOptions): Content {
  return html`<div class="columns">
<ul>
<li><a href="/_emulator/docs">Operations of Azure Resource Manager</a></li>
<li><a href="/_emulator/docs/entra">Operations of Microsoft Entra</a></li>
<li><a href="/_emulator/health">Health</a></li>
</ul>
<ul>
${caFile !== undefined && html`<li><a href="/_emulator/ca.pem">The CA to trust</a><br><code class="soft">${caFile}</code></li>`}
<li>OpenAPI: <a href="/_emulator/openapi/arm.json">arm.json</a>, <a href="/_emulator/openapi/arm.yaml">arm.yaml</a>,
<a href="/_emulator/openapi/entra.json">entra.json</a>, <a href="/_emulator/openapi/entra.yaml">entra.yaml</a></li>
</ul>
</div>`
}
