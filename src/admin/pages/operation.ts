import { exampleText, type Media, type Operation, type Parameter, type Response } from './described-operation.js'
import { html, prose, type Content } from './html.js'
import { membersOf, typeOf } from './schema.js'
import { tryIt } from './try-it.js'

/** Everything that a reader needs to know about an operation. */
export function operationSection (operation: Operation): Content {
  const { operationId, summary, description, method, path, parameters, body, responses } = operation
  return html`<section class="operation" id="${operationId}">
<h3><a href="#${operationId}">${summary}</a></h3>
<p class="route"><span class="method">${method}</span><code>${path}</code></p>
${description !== undefined && html`<p>${prose(description)}</p>`}
${parameters.length > 0 && parameterTable(parameters)}
${body !== undefined && html`<h4>Body: ${Object.keys(body.content).join(' or ')}</h4>
${body.description !== undefined && html`<p>${prose(body.description)}</p>`}
${membersOf(Object.values(body.content)[0]!.schema)}${examplesOf(body.content)}`}
<h4>Responses</h4>
${Object.entries(responses).map(([status, response]) => responseDetails(status, response))}
${tryIt(operation)}
</section>`
}

function parameterTable (parameters: readonly Parameter[]): Content {
  const rows = parameters.map(({ name, in: place, required, description = '', schema }) => html`<tr>
<td data-label="Parameter"><span><code>${name}</code>${required && html` <span class="required">required</span>`}</span></td>
<td data-label="In">${place}</td><td data-label="Type"><span class="type">${typeOf(schema)}</span></td>
<td data-label="Description"><span>${prose(description)}</span></td></tr>`)
  return html`<table class="parameters"><thead><tr><th>Parameter</th><th>In</th><th>Type</th><th>Description</th></tr></thead>
<tbody>${rows}</tbody></table>`
}

function responseDetails (status: string, { description, headers = {}, content = {} }: Response): Content {
  const rows = Object.entries(headers).map(([name, { description: what = '', example }]) => html`<li><code>${name}</code> ${prose(what)}
${example !== undefined && html`<br><code class="soft">${example}</code>`}</li>`)
  const name = status === 'default' ? 'Any other' : status
  return html`<details class="response"><summary><strong>${name}</strong> ${prose(description)}</summary>
${rows.length > 0 && html`<ul class="schema">${rows}</ul>`}${schemaOf(content)}${examplesOf(content)}</details>`
}

/** All media types of a body have the same schema. */
function schemaOf (content: Media): Content {
  const [media] = Object.values(content)
  return media !== undefined && html`<p>${typeOf(media.schema)}</p>${membersOf(media.schema)}`
}

function examplesOf (content: Media): Content {
  return Object.entries(content).map(([type, { examples = {} }]) =>
    Object.values(examples).map(({ summary, value }) => html`<h4>Example${summary !== undefined && `: ${summary}`}</h4>
<pre><code>${exampleText(type, value)}</code></pre>`))
}
