/** A certificate (or a chain of them) and the key of the first, in PEM. */
export interface KeyPair {
  readonly cert: string
  readonly key: string
}
