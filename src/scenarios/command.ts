/** What a request runs, as far as its body says. */
export interface SentCommand {
  readonly commandId?: string | undefined
  /** The lines joined with `\n`. Undefined for what is run where no script is sent. */
  readonly script?: string | undefined
  readonly parameters?: Readonly<Record<string, string>> | undefined
}

interface Body {
  readonly commandId?: unknown
  readonly script?: unknown
  readonly parameters?: unknown
  readonly properties?: Managed | null
}

interface Managed {
  readonly source?: Pick<Body, 'commandId' | 'script'> | null
  readonly parameters?: unknown
}

/** The operations whose bodies run something: the action, and the writes of managed run commands. */
const RUNS = /(?:_RunCommand|RunCommands_(?:CreateOrUpdate|Update))$/

export function runsCommand (operation: string | undefined): boolean {
  return operation !== undefined && RUNS.test(operation)
}

/** What a body runs, be it the action's or a managed run command's. It need not be one: then nothing is known of it. */
export function commandIn (body: unknown): SentCommand {
  const { properties, ...action } = (typeof body === 'object' && body !== null ? body : {}) as Body
  const managed = properties === undefined || properties === null ? undefined : properties
  const { commandId, script } = managed === undefined ? action : managed.source ?? {}
  const parameters = managed === undefined ? action.parameters : managed.parameters
  return {
    commandId: typeof commandId === 'string' && commandId !== '' ? commandId : undefined,
    script: Array.isArray(script) ? script.join('\n') : typeof script === 'string' ? script : undefined,
    parameters: Array.isArray(parameters) ? valuesOf(parameters) : undefined
  }
}

function valuesOf (parameters: readonly unknown[]): Record<string, string> {
  const pairs = parameters.map(each => (each ?? {}) as { readonly name?: unknown, readonly value?: unknown })
  return Object.fromEntries(pairs.map(({ name, value }) => [`${name}`, `${value}`]))
}
