import type { ServedDocument, OpenApiOperation } from '../../http/openapi.js'

/** The .NET type of a body or a part of it. */
export type BodyType = TextType | ScalarType | MapType | ListType | ObjectType

export interface TextType {
  readonly kind: 'text'
  readonly name: string
}

/** A boolean (`switch`) or a 32-bit integer (`number`). */
export interface ScalarType {
  readonly kind: 'switch' | 'number'
  readonly name: string
}

/** A dictionary of texts, such as tags. */
export interface MapType {
  readonly kind: 'map'
  readonly name: string
}

export interface ListType {
  readonly kind: 'list'
  readonly name: string
  readonly items: TextType | ObjectType
}

export interface ObjectType {
  readonly kind: 'object'
  readonly name: string
  readonly members: readonly Member[]
}

export interface Member {
  readonly name: string
  readonly type: BodyType
  readonly isRequired: boolean
}

interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | boolean
  readonly required?: readonly string[]
}

/**
 * The type of an operation's JSON body. Inferred: the service's types have the names of the contract, without a
 * namespace.
 */
export function bodyTypeOf (document: ServedDocument, { operationId, requestBody }: OpenApiOperation): ObjectType {
  const schema = requestBody?.content['application/json']?.schema ?? {}
  const type = typeOf(document, schema, operationId)
  if (type.kind !== 'object') throw new Error(`the body of ${operationId} must be an object, not ${type.name}`)
  return type
}

/** The first api-version with all members of bodies (documented: the contract of each version). */
export const FIRST_WITH_ALL_MEMBERS = '2023-03-01'

const LATER_MEMBERS = ['treatFailureAsDeploymentFailure', 'outputBlobManagedIdentity', 'errorBlobManagedIdentity',
  'scriptUriManagedIdentity']

/** The type in the api-versions before. */
export function withoutLaterMembers (type: ObjectType): ObjectType {
  const members = type.members.filter(({ name }) => !LATER_MEMBERS.includes(name))
  return {
    ...type,
    members: members.map(member =>
      member.type.kind === 'object' ? { ...member, type: withoutLaterMembers(member.type) } : member)
  }
}

function typeOf (document: ServedDocument, schema: Schema, name: string): BodyType {
  if (schema.$ref !== undefined) {
    const referred = schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1)
    return typeOf(document, document.components.schemas[referred] as Schema, referred)
  }
  switch (schema.type) {
    case 'string': return { kind: 'text', name: 'System.String' }
    case 'boolean': return { kind: 'switch', name: 'System.Boolean' }
    case 'integer': return { kind: 'number', name: 'System.Int32' }
    case 'array': return listOf(typeOf(document, schema.items!, `${name}Item`))
    case 'object': return isMap(schema)
      ? { kind: 'map', name: 'System.Collections.Generic.Dictionary`2[System.String,System.String]' }
      : { kind: 'object', name, members: membersOf(document, schema) }
  }
  throw new Error(`a body cannot have values of type ${schema.type}: body-type.ts does not know it`)
}

function isMap ({ properties, additionalProperties }: Schema): boolean {
  return properties === undefined && typeof additionalProperties === 'object'
}

function listOf (items: BodyType): ListType {
  if (items.kind !== 'text' && items.kind !== 'object') {
    throw new Error(`a body cannot have lists of ${items.name}: body-type.ts does not know them`)
  }
  return { kind: 'list', name: `System.Collections.Generic.List\`1[${items.name}]`, items }
}

function membersOf (document: ServedDocument, { properties = {}, required = [] }: Schema): Member[] {
  return Object.entries(properties).map(([name, schema]) =>
    ({ name, type: typeOf(document, schema, name), isRequired: required.includes(name) }))
}
