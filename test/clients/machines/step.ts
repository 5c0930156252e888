/** A call on a resource. A body has the flat members of the models, without `properties`. */
export interface Step {
  readonly call: string
  readonly vm?: string
  readonly set?: string
  readonly instance?: string
  /** The name of a managed run command. */
  readonly name?: string
  /** Instances of the scale set. Default: all. */
  readonly ids?: readonly string[]
  readonly expand?: 'instanceView'
  readonly skipShutdown?: boolean
  readonly body?: Readonly<Record<string, unknown>>
  /** What the user sees, with TIME for each time, and without null members. */
  readonly sees?: unknown
  readonly error?: SeenError
}

/** An error response or, without a status, the error of a failed operation. */
export interface SeenError {
  readonly code: string
  readonly status?: number
  readonly message: RegExp
}

export interface Part {
  readonly title: string
  readonly steps: readonly Step[]
  /** A member that the models need. client.json lists it in `lacks` of older releases. */
  readonly needs?: string
}

export const TIME = 'a time'
