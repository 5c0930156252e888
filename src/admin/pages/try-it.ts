import { exampleText, type Media, type Operation, type Parameter } from './described-operation.js'
import { html, type Content } from './html.js'

/** A form that sends a request for the operation. It is hidden until the page's script shows it. */
export function tryIt ({ method, path, needsToken, parameters, body }: Operation): Content {
  const type = body === undefined ? '' : Object.keys(body.content)[0]!
  return html`<details class="try"><summary>Try it</summary>
<noscript><p class="soft">This needs JavaScript.</p></noscript>
<form class="try needs-script" data-method="${method}" data-path="${path}" data-type="${type}">
${parameters.map(field)}
${needsToken && html`<label><code>Authorization</code><input name="Authorization" data-in="header" value="Bearer any" autocomplete="off" spellcheck="false"></label>`}
${body !== undefined && bodyField(body.content)}
<button class="primary">Send</button>
<output></output>
</form></details>`
}

function field ({ name, in: place, required = false, example, schema }: Parameter): Content {
  const value = example ?? (required ? schema.enum?.[0] : undefined) ?? ''
  return html`<label><code>${name}</code><input name="${name}" data-in="${place}" value="${value}"
 placeholder="${required ? '' : 'optional'}" autocomplete="off" spellcheck="false"></label>`
}

/** The field of the body, filled with the first example. Several examples have a list to choose from. */
function bodyField (content: Media): Content {
  const examples = Object.entries(content).flatMap(([type, { examples = {} }]) =>
    Object.values(examples).map(({ summary, value }) => ({ summary, text: exampleText(type, value) })))
  const text = examples[0]?.text ?? ''
  const rows = Math.max(4, text.split('\n').length + 1)
  return html`${examples.length > 1 && html`<label><span>Example</span><select class="example">
${examples.map(({ summary, text }) => html`<option value="${text}">${summary}</option>`)}</select></label>`}
<label class="body"><span>Body</span><textarea rows="${rows}" spellcheck="false">
${text}</textarea></label>`
}
