import { readSchema } from '../validation/json-schema.js'

interface Described {
  readonly operationId: string
  readonly 'x-ms-long-running-operation'?: boolean
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>
}

let starting: ReadonlySet<string> | undefined
let ids: readonly string[] | undefined

/** The operationIds of both OpenAPI documents. */
export function operationIds (): readonly string[] {
  ids ??= ['arm.json', 'entra.json'].flatMap(described).map(({ operationId }) => operationId)
  return ids
}

/** Whether the contract marks this operation as long-running. */
export function startsOperation (operation: string): boolean {
  starting ??= new Set(described('arm.json').filter(each => each['x-ms-long-running-operation'] === true)
    .map(({ operationId }) => operationId))
  return starting.has(operation)
}

function described (name: string): Described[] {
  return Object.values((readSchema(name) as Document).paths).flatMap(methods => Object.values(methods))
}
