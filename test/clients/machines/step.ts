/** A call, and on what. A body has the members of the models, without `properties` between them. */
export interface Step {
  readonly call: string
  readonly vm?: string
  readonly set?: string
  readonly instance?: string
  /** Of a managed run command. */
  readonly name?: string
  /** Instances of the set; without it all are meant. */
  readonly ids?: readonly string[]
  readonly expand?: 'instanceView'
  readonly skipShutdown?: boolean
  readonly body?: Readonly<Record<string, unknown>>
  /** What the user sees; a time is the word TIME, what is null or absent is left out. */
  readonly sees?: unknown
  readonly error?: SeenError
}

/** An error that an answer is, or, without a status, one that an operation ends with. */
export interface SeenError {
  readonly code: string
  readonly status?: number
  readonly message: RegExp
}

export interface Part {
  readonly title: string
  readonly steps: readonly Step[]
  /** What only newer models have; client.json says of a release that it `lacks` it. */
  readonly needs?: string
}

export const TIME = 'a time'
