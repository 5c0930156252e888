import { join } from 'node:path'

/** The paths in a data directory. Each key has its own directory, so that it can be replaced by a rename. */
export interface DataLayout {
  /** The CA. */
  readonly authority: string
  /** The key that signs tokens. */
  readonly signingKey: string
  /** The records of running azruns. */
  readonly running: string
  /** A copy of a CA's certificate, which stays if the CA is replaced. */
  authorityCopy (id: string): string
  /** A certificate that the CA has signed. */
  leaf (id: string): string
  /** The files for the clients of the azrun at an address. */
  environment (address: string): string
}

export function layoutOf (dataDir: string): DataLayout {
  return {
    authority: join(dataDir, 'ca'),
    signingKey: join(dataDir, 'signing-key'),
    running: join(dataDir, 'running'),
    authorityCopy: id => join(dataDir, `ca-${id}.pem`),
    leaf: id => join(dataDir, `leaf-${id}`),
    environment: address => join(dataDir, `environment-${address}`)
  }
}

/** The key in its directory. */
export function keyIn (directory: string): string {
  return join(directory, 'key.pem')
}

/** The certificate of the key in a directory. */
export function certificateIn (directory: string): string {
  return join(directory, 'cert.pem')
}
