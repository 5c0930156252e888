import { sampleCurl } from './curl.js'
import { homeScript } from './home-script.js'
import { html, type Content } from './html.js'
import { documentOf, type Document } from './layout.js'
import { liveSection, type LiveOptions } from './live.js'
import { machinesTable, scaleSetsTable, type MachinesTableOptions } from './machines-table.js'
import { runningMachine } from './running-machine.js'
import { runsTable, type RunsOptions } from './runs.js'
import { settingsList } from './settings-list.js'

export interface HomeOptions extends RunsOptions, MachinesTableOptions {
  readonly version: string
  /** The executor's name; `custom` for a program's own. */
  readonly executor: string
  readonly settings: Settings
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

/** The page that tells people what azrun is and how this one runs. `authority` is that of the page's URL. */
export async function homePage (options: HomeOptions, authority: string): Promise<Document> {
  const { version, executor, live, token } = options
  const [runs, machines, scaleSets, sample] = await Promise.all(
    [runsTable(options), machinesTable(options), scaleSetsTable(options), sampleOf(options, authority)])
  const main = html`
<h1>azrun ${version}</h1>
<p>A local emulator of <strong>Azure Virtual Machines - Run Command</strong>. Programs that call Azure call it instead, unchanged,
and get Azure's responses. ${explained(executor)}</p>
<h2>Run a command</h2>
${sample}
${liveSection(live, runs)}
<h2>Virtual machines</h2>
${machines}
${scaleSets}
<h2>Settings</h2>
<dl class="facts">${settingsList({ ...options.settings, executor })}</dl>
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
