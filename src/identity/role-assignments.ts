/** What a principal may do, and where. */
export interface RoleAssignment {
  /** The object id of a user or service principal. */
  readonly principalId: string
  /** A path of Resource Manager, which includes everything below it. Default: `/`, everything. */
  readonly scope?: string
  /** Such as `Microsoft.Compute/virtualMachines/runCommand/action`; `*` matches any text. */
  readonly actions: readonly string[]
}

/** The actions that principals may perform. Without assignments, everything is allowed: see `isEmpty`. */
export class RoleAssignments {
  #assignments: readonly { principalId: string, scope: string, actions: RegExp[] }[] = []

  constructor (declared: readonly RoleAssignment[] = []) {
    this.redeclare(declared)
  }

  /** Replaces the declarations. */
  redeclare (declared: readonly RoleAssignment[]): void {
    this.#assignments = declared.map(({ principalId, scope = '/', actions }) => ({
      principalId: principalId.toLowerCase(),
      scope: `${scope.toLowerCase().replace(/\/+$/, '')}/`,
      actions: actions.map(pattern)
    }))
  }

  /** Without assignments, everything is allowed, and `allows` must not be called. */
  get isEmpty (): boolean {
    return this.#assignments.length === 0
  }

  allows (principalId: string, action: string, scope: string): boolean {
    const below = `${scope.toLowerCase()}/`
    return this.#assignments.some(assignment => assignment.principalId === principalId.toLowerCase() &&
      below.startsWith(assignment.scope) && assignment.actions.some(pattern => pattern.test(action)))
  }
}

function pattern (action: string): RegExp {
  const literal = action.split('*').map(part => part.replace(/[.\\]/g, '\\$&'))
  return new RegExp(`^${literal.join('.*')}$`, 'i')
}
