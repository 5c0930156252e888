import { derivedId } from '../core/ids.js'
import { isSameSecret } from '../core/secrets.js'

/** A user who may sign in. */
export interface UserDeclaration {
  /** Such as `ann@contoso.com`. */
  readonly name: string
  /** If none is declared, any password is accepted. */
  readonly password?: string
  /** Default: derived from the name. */
  readonly objectId?: string
}

/** A user with all that a declaration may omit. */
export interface User {
  readonly name: string
  readonly objectId: string
  readonly password?: string
}

export interface UsersOptions {
  readonly declared?: readonly UserDeclaration[]
  /** Only declared users exist. Default: without declarations every user exists. */
  readonly strict?: boolean
}

/** The user of a sign-in without a name, such as by device code, if every user exists. */
export const DEFAULT_USER = 'user@azrun.onmicrosoft.com'

/** The users who may sign in. Names are case-insensitive, as in Entra. */
export class Users {
  #declared: ReadonlyMap<string, User> = new Map()
  #isOpen = true

  constructor (options: UsersOptions = {}) {
    this.redeclare(options)
  }

  /** Replaces the declarations. */
  redeclare ({ declared = [], strict = false }: UsersOptions): void {
    this.#declared = new Map(declared.map(user => [user.name.toLowerCase(), userOf(user)]))
    this.#isOpen = !strict && declared.length === 0
  }

  /** Whether every user exists, with any password. */
  get isOpen (): boolean {
    return this.#isOpen
  }

  /** The user with this name, if it exists. */
  find (name: string): User | undefined {
    return this.isOpen ? userOf({ name }) : this.#declared.get(name.toLowerCase())
  }

  /** The user who signs in without a password, such as by device code: the first one without a declared password. */
  get withoutPassword (): User | undefined {
    if (this.isOpen) return userOf({ name: DEFAULT_USER })
    return [...this.#declared.values()].find(({ password }) => password === undefined)
  }
}

/** Whether the user accepts this password: the declared one or, without one, any. */
export function isPasswordOf ({ password }: User, given: string): boolean {
  return password === undefined || isSameSecret(password, given)
}

function userOf ({ name, password, objectId = derivedId(name) }: UserDeclaration): User {
  return { name, objectId, password }
}
