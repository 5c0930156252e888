import { rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { makeDirectory } from '../files/make-directory.js'
import { writeFileAtomic } from '../files/write-atomic.js'
import type { Account } from './account.js'
import { AZURE_CLI_CACHES, azureCliFiles } from './azure-cli.js'
import { derOf, readBundle, readNodeExtras } from './certificate-bundle.js'
import { javaTrustStore } from './java-trust-store.js'
import { environmentOf, TRUST_STORE_PASSWORD, type EnvironmentFiles } from './variables.js'

export interface EnvironmentOptions {
  readonly url: string
  readonly httpUrl: string
  readonly account: Account
  /** The CA certificate to trust, in PEM. */
  readonly ca: string
  /** Where to write the files; created with mode 0700 if missing. */
  readonly directory: string
  readonly inherited: NodeJS.ProcessEnv
}

/** Writes the files that clients of the azrun at `url` need, and returns the variables to set. */
export function prepareEnvironment ({ directory, ca, ...facts }: EnvironmentOptions): Record<string, string> {
  const files = writeFiles(resolve(directory), ca, facts)
  return environmentOf({ ...facts, files })
}

function writeFiles (directory: string, ca: string,
  { account, inherited }: Pick<EnvironmentOptions, 'account' | 'inherited'>): EnvironmentFiles {
  const files: EnvironmentFiles = {
    bundle: join(directory, 'ca-bundle.pem'),
    nodeExtras: join(directory, 'node-extra-ca.pem'),
    javaTrustStore: join(directory, 'java-trust-store.jks'),
    azureConfigDir: join(directory, 'azure')
  }
  const certificates = readBundle(ca, inherited)
  makeDirectory(files.azureConfigDir)
  write(files.bundle, `${certificates.join('\n')}\n`)
  write(files.nodeExtras, `${readNodeExtras(ca, inherited).join('\n')}\n`)
  write(files.javaTrustStore, javaTrustStore(certificates.map(derOf), TRUST_STORE_PASSWORD))
  for (const [name, content] of Object.entries(azureCliFiles(account))) write(join(files.azureConfigDir, name), content)
  for (const name of AZURE_CLI_CACHES) rmSync(join(files.azureConfigDir, name), { force: true })
  return files
}

/** Some files contain secrets: only the user may read them. */
function write (file: string, content: string | Buffer): void {
  writeFileAtomic(file, content, { mode: 0o600 })
}
