/** The public members of a JSON Web Key (RFC 7517) that azrun reads or publishes. */
export interface PublicJwk {
  readonly kty?: string | undefined
  readonly crv?: string | undefined
  readonly x?: string | undefined
  readonly y?: string | undefined
  readonly n?: string | undefined
  readonly e?: string | undefined
  readonly kid?: string | undefined
  readonly use?: string | undefined
  readonly alg?: string | undefined
}
