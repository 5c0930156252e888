import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { derOf } from '../../src/environment/certificate-bundle.js'
import { javaTrustStore } from '../../src/environment/java-trust-store.js'
import type { RunningEmulator } from '../../src/index.js'
import { start, SUBSCRIPTION } from '../harness/emulator.js'
import { bareEnvironment, commandOf, outcomeOf, run, type Client } from './client.js'
import { sawOutput, SCRIPT, TARGET } from './contract.js'

/** What every client must see if its program sets azrun's endpoint as in docs/clients.md. */
export async function explicit (t: Test, client: Client): Promise<void> {
  const dir = t.testdir()
  const emulator = await start(t, { executor: 'shell', dataDir: join(dir, 'data') })
  const command = commandOf(client, ['--explicit', emulator.url, ...TARGET, ...SCRIPT])
  sawOutput(t, outcomeOf(await run(command, explicitEnvironment(dir, emulator))))
}

/** The variables of a program that sets azrun's endpoint: its login, and trust in the CA. Writes a file to `dir`. */
export function explicitEnvironment (dir: string, { caFile }: RunningEmulator): Record<string, string> {
  return {
    ...bareEnvironment(dir),
    AZURE_TENANT_ID: 'adfe0af4-7ad9-4b32-8d2d-44f1a3c0dd4a',
    AZURE_CLIENT_ID: '5b3a3c9c-4f0e-4a5e-8d3f-6e0a9f0b6f6d',
    AZURE_CLIENT_SECRET: 'a-secret',
    AZURE_SUBSCRIPTION_ID: SUBSCRIPTION,
    NODE_EXTRA_CA_CERTS: caFile,
    SSL_CERT_FILE: caFile,
    REQUESTS_CA_BUNDLE: caFile,
    JAVA_TOOL_OPTIONS: trustStoreOptions(dir, caFile)
  }
}

/** Options for a trust store like one of `keytool -importcert`. */
function trustStoreOptions (dir: string, caFile: string): string {
  const file = join(dir, 'trust-store.jks')
  writeFileSync(file, javaTrustStore([derOf(readFileSync(caFile, 'utf8'))], 'changeit'))
  return `-Djavax.net.ssl.trustStore=${file} -Djavax.net.ssl.trustStoreType=JKS`
}
