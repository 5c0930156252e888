import { derivedId } from '../core/ids.js'
import { isSameSecret } from '../core/secrets.js'

export interface UserDeclaration {
  /** Such as `ann@contoso.com`. */
  readonly name: string
  /** If none is declared, any password is accepted. */
  readonly password?: string
  /** Default: derived from the name. */
  readonly objectId?: string
}

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

/** The user of a sign-in that does not name one, such as by device code, where every user exists. */
export const DEFAULT_USER = 'user@azrun.onmicrosoft.com'

/** The users who may sign in. Names are compared without case, as Entra does. */
export class Users {
  #declared: ReadonlyMap<string, User> = new Map()
  #isOpen = true

  constructor (options: UsersOptions = {}) {
    this.redeclare(options)
  }

  /** Replaces what is declared. */
  redeclare ({ declared = [], strict = false }: UsersOptions): void {
    this.#declared = new Map(declared.map(each => [each.name.toLowerCase(), userOf(each)]))
    this.#isOpen = !strict && declared.length === 0
  }

  /** Whether every user exists, with any password. */
  get isOpen (): boolean {
    return this.#isOpen
  }

  /** Undefined for a user who does not exist. */
  find (name: string): User | undefined {
    return this.isOpen ? userOf({ name }) : this.#declared.get(name.toLowerCase())
  }

  /** Who signs in where no password is asked for: the first user without one. */
  get withoutPassword (): User | undefined {
    if (this.isOpen) return userOf({ name: DEFAULT_USER })
    return [...this.#declared.values()].find(({ password }) => password === undefined)
  }
}

export function isPasswordOf ({ password }: User, given: string): boolean {
  return password === undefined || isSameSecret(password, given)
}

function userOf ({ name, password, objectId = derivedId(name) }: UserDeclaration): User {
  return { name, objectId, password }
}
