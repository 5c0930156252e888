import { networkNames } from '../../core/resource-names.js'
import { routesOf, type OpenApiDocument } from '../../http/openapi.js'
import type { VirtualMachine } from '../../resources/virtual-machines.js'
import { operationOf, type Operation } from './described-operation.js'
import { docsScript } from './docs-script.js'
import { html, prose, type Content } from './html.js'
import { documentOf, type Document } from './layout.js'
import { operationSection } from './operation.js'
import { runningMachine, type Machines } from './running-machine.js'
import { namedSchema, type Schema } from './schema.js'

export interface DocsOptions extends Machines {
  readonly document: OpenApiDocument
  /** The name of the document's file, without its extension. */
  readonly name: string
  /** The path of the page. */
  readonly path: string
  /** The token by which azrun recognizes requests of Try it. */
  readonly token: string
  readonly runsScripts: boolean
  /** Whether the operations need azrun's admin token, which the document does not say. */
  readonly needsAdminToken: boolean
}

interface Tag {
  readonly name: string
  readonly description?: string
}

/** The documentation of an OpenAPI document: every operation, POST first, and every schema. */
export async function docsPage (options: DocsOptions): Promise<Document> {
  const { document, name, path, token, runsScripts, needsAdminToken } = options
  const values = valuesFrom(await runningMachine(options))
  const operations = routesOf(document).map(route => operationOf(document, route, values)).sort(postFirst)
    .map(operation => ({ ...operation, needsToken: operation.needsToken || needsAdminToken }))
  const names = [...new Set(operations.flatMap(({ tags }) => tags))]
  const tags = names.map(each => ({ name: each, ...(document['tags'] as readonly Tag[]).find(tag => tag.name === each) }))
  const grouped = tags.map(tag => ({ tag, operations: operations.filter(({ tags: [first] }) => first === tag.name) }))
  const title = document.info.title.replace(/^azrun: /, '')
  const main = html`
<h1>${title}</h1>
<p>${prose(document.info.description)}</p>
<p class="soft">OpenAPI ${document['openapi'] as string}: <a href="/_emulator/openapi/${name}.json">${name}.json</a>,
<a href="/_emulator/openapi/${name}.yaml">${name}.yaml</a>.
${!runsScripts && html`This azrun runs no scripts: it returns fixtures (<code>--executor fixture</code>).`}</p>
<div class="columns contents">${grouped.map(contents)}</div>
${grouped.map(({ tag, operations: those }) => html`<h2 id="tag-${tag.name}">${wordsOf(tag.name)}</h2>
<p>${prose(tag.description ?? '')}</p>${those.map(operationSection)}`)}
<h2>Schemas</h2>
${Object.entries(document.components.schemas).map(([schema, value]) => namedSchema(schema, value as Schema))}`
  return documentOf({ title: `${title} · azrun`, path, main, token, script: docsScript })
}

/** Values of parameters with which Try it finds a machine. */
function valuesFrom (vm: VirtualMachine | undefined): Record<string, string> {
  if (vm === undefined) return {}
  const { id: { subscriptionId, resourceGroup, name }, location } = vm
  return { subscriptionId, resourceGroupName: resourceGroup!, vmName: name, location, ...networkNames(name) }
}

/** Readers come for the operations that run commands or issue tokens. */
function postFirst (one: Operation, other: Operation): number {
  return Number(other.method === 'POST') - Number(one.method === 'POST')
}

function contents ({ tag, operations }: { readonly tag: Tag, readonly operations: readonly Operation[] }): Content {
  return html`<div><h4>${wordsOf(tag.name)}</h4><ul class="plain">
${operations.map(({ operationId, summary }) => html`<li><a href="#${operationId}">${summary}</a></li>`)}
</ul></div>`
}

/** A tag such as RunCommands in words: Run commands. */
function wordsOf (name: string): string {
  return name.replace(/(?<=[a-z])[A-Z]/g, letter => ` ${letter.toLowerCase()}`)
}
