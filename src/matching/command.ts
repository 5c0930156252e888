/** The command that a request runs, as far as its body tells. */
export interface SentCommand {
  readonly commandId?: string | undefined
  /** The lines joined with `\n`. Undefined if the request has no script, so that the command's own runs. */
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

/** Reads the command from a body of the action or of a managed run command. Any other body has none. */
export function commandIn (body: unknown): SentCommand {
  const { properties, ...action } = (typeof body === 'object' && body !== null ? body : {}) as Body
  const managed = properties ?? undefined
  const { commandId, script } = managed === undefined ? action : managed.source ?? {}
  const parameters = managed === undefined ? action.parameters : managed.parameters
  return {
    commandId: typeof commandId === 'string' && commandId !== '' ? commandId : undefined,
    script: Array.isArray(script) ? script.map(textOf).join('\n') : typeof script === 'string' ? script : undefined,
    parameters: Array.isArray(parameters) ? valuesOf(parameters) : undefined
  }
}

function valuesOf (parameters: readonly unknown[]): Record<string, string> {
  const pairs = parameters.map(each => (each ?? {}) as { readonly name?: unknown, readonly value?: unknown })
  return Object.fromEntries(pairs.map(({ name, value }) => [textOf(name), textOf(value)]))
}

/**
 * A value as text. Lists and objects, which Azure refuses here, have none: JavaScript cannot convert one that is deeply
 * nested, or has a member `toString`.
 */
function textOf (value: unknown): string {
  return typeof value === 'object' ? '' : `${value}`
}
