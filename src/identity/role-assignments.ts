export interface RoleAssignment {
  /** The object id of a user or service principal. */
  readonly principalId: string
  /** A path of Resource Manager; what is below it is meant as well. Default: `/`, everything. */
  readonly scope?: string
  /** Such as `Microsoft.Compute/virtualMachines/runCommand/action`; `*` is any text. */
  readonly actions: readonly string[]
}

/** Who may do what; where nothing is assigned to anybody, everybody may do everything. */
export class RoleAssignments {
  readonly #assignments: readonly { principalId: string, scope: string, actions: RegExp[] }[]

  constructor (declared: readonly RoleAssignment[] = []) {
    this.#assignments = declared.map(({ principalId, scope = '/', actions }) => ({
      principalId: principalId.toLowerCase(),
      scope: `${scope.toLowerCase().replace(/\/+$/, '')}/`,
      actions: actions.map(pattern)
    }))
  }

  /** Whether anything is assigned: else nobody's name matters. */
  get areDeclared (): boolean {
    return this.#assignments.length > 0
  }

  allows (principalId: string, action: string, scope: string): boolean {
    const below = `${scope.toLowerCase()}/`
    return this.#assignments.some(each => each.principalId === principalId.toLowerCase() &&
      below.startsWith(each.scope) && each.actions.some(pattern => pattern.test(action)))
  }
}

function pattern (action: string): RegExp {
  const literal = action.split('*').map(part => part.replace(/[.\\]/g, '\\$&'))
  return new RegExp(`^${literal.join('.*')}$`, 'i')
}
