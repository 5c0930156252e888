import { html, prose, type Content } from './html.js'

/** The parts of a JSON schema that the documents use. */
export interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly format?: string
  readonly description?: string
  readonly enum?: readonly string[]
  readonly pattern?: string
  readonly default?: unknown
  readonly items?: Schema
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: boolean | Schema
  readonly allOf?: readonly Schema[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
}

/** The type of a value in a few words; a named schema is a link to its section. */
export function typeOf (schema: Schema): Content {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1)
    return html`<a href="#schema-${name}">${name}</a>`
  }
  const alternatives = schema.anyOf ?? schema.oneOf
  if (alternatives !== undefined) return alternatives.map((each, index) => [index > 0 && ' or ', typeOf(each)])
  if (schema.type === 'array' && schema.items !== undefined) return html`array of ${typeOf(schema.items)}`
  if (schema.enum !== undefined) return schema.enum.join(' | ')
  return schema.format === undefined ? schema.type ?? 'object' : `${schema.type} (${schema.format})`
}

/** The members of an object, and of objects inside it that have no named schema. */
export function membersOf ({ allOf = [], properties = {}, required = [], additionalProperties }: Schema): Content {
  const members = Object.entries(properties).map(([name, member]) => html`<li><code>${name}</code>
<span class="type">${typeOf(member)}</span>${required.includes(name) && html` <span class="required">required</span>`}
${describe(member)}${membersOf(member.items ?? member)}</li>`)
  const inherited = allOf.map(each => html`<li>All of ${typeOf(each)}</li>`)
  const others = typeof additionalProperties === 'object' && html`<li>Any other name: ${typeOf(additionalProperties)}</li>`
  return (members.length > 0 || inherited.length > 0 || others) && html`<ul class="schema">${inherited}${members}${others}</ul>`
}

/** The section of a named schema, the target of links to it. */
export function namedSchema (name: string, schema: Schema): Content {
  return html`<section id="schema-${name}"><h3>${name}</h3>
${schema.description !== undefined && html`<p>${prose(schema.description)}</p>`}${membersOf(schema)}</section>`
}

function describe ({ description, pattern, default: value }: Schema): Content {
  return [
    description !== undefined && html` <span>${prose(description)}</span>`,
    pattern !== undefined && html` <small>Pattern: <code>${pattern}</code></small>`,
    value !== undefined && html` <small>Default: <code>${JSON.stringify(value)}</code></small>`
  ]
}
