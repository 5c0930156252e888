import { IDENTITY_HEADER } from '../core/clouds.js'
import type { Account } from './account.js'
import { javaToolOptions } from './java-options.js'

/** The paths of the files that the variables name. */
export interface EnvironmentFiles {
  /** Every certificate to trust, in PEM. */
  readonly bundle: string
  /** The certificates that Node does not trust by default, in PEM. */
  readonly nodeExtras: string
  readonly javaTrustStore: string
  readonly azureConfigDir: string
}

/** What the values of the variables depend on. */
export interface EnvironmentFacts {
  readonly url: string
  readonly httpUrl: string
  readonly account: Account
  readonly files: EnvironmentFiles
  /** The environment that the client would have without azrun. */
  readonly inherited: NodeJS.ProcessEnv
}

/** The default password of trust stores in every JVM and its tools; it protects nothing secret. */
export const TRUST_STORE_PASSWORD = 'changeit'

/** Hosts to reach without the proxy. Clients differ in how they spell IPv6 addresses. */
const DIRECT = ['localhost', '127.0.0.1', '::1', '[::1]']
const DIRECT_JAVA = ['localhost', '127.*', '[::1]']

/** The variables that make clients written for Azure's public cloud use azrun instead. */
export function environmentOf ({ url, httpUrl, account, files, inherited }: EnvironmentFacts): Record<string, string> {
  const { hostname } = new URL(url)
  const direct = [...new Set([...DIRECT, hostname])].join(',')
  return {
    AZRUN_URL: url,
    HTTP_PROXY: httpUrl,
    HTTPS_PROXY: httpUrl,
    NO_PROXY: direct,
    http_proxy: httpUrl,
    https_proxy: httpUrl,
    no_proxy: direct,
    NODE_USE_ENV_PROXY: '1',
    NODE_EXTRA_CA_CERTS: files.nodeExtras,
    SSL_CERT_FILE: files.bundle,
    REQUESTS_CA_BUNDLE: files.bundle,
    CURL_CA_BUNDLE: files.bundle,
    JAVA_TOOL_OPTIONS: javaToolOptions(inherited['JAVA_TOOL_OPTIONS'], {
      url,
      httpUrl,
      trustStore: files.javaTrustStore,
      trustStorePassword: TRUST_STORE_PASSWORD,
      direct: [...new Set([...DIRECT_JAVA, ...hostname.startsWith('127.') ? [] : [hostname]])]
    }),
    ...credentialsOf(account, httpUrl),
    ...azureCliOf(files)
  }
}

/** The names of the variables above, whatever their values. */
export function variableNames (): string[] {
  const url = 'http://localhost'
  const account = { tenantId: '', clientId: '', clientSecret: '', subscriptionId: '', subscriptions: [] }
  const files = { bundle: '', nodeExtras: '', javaTrustStore: '', azureConfigDir: '' }
  return Object.keys(environmentOf({ url, httpUrl: url, account, files, inherited: {} }))
}

function credentialsOf ({ tenantId, clientId, clientSecret, subscriptionId }: Account, httpUrl: string) {
  return {
    AZURE_TENANT_ID: tenantId,
    AZURE_CLIENT_ID: clientId,
    AZURE_CLIENT_SECRET: clientSecret,
    AZURE_SUBSCRIPTION_ID: subscriptionId,
    // Ansible's names of these two (azure_rm_common of azure.azcollection).
    AZURE_TENANT: tenantId,
    AZURE_SECRET: clientSecret,
    IDENTITY_ENDPOINT: `${httpUrl}/msi/token`,
    IDENTITY_HEADER,
    ARM_TENANT_ID: tenantId,
    ARM_CLIENT_ID: clientId,
    ARM_CLIENT_SECRET: clientSecret,
    ARM_SUBSCRIPTION_ID: subscriptionId,
    // Terraform requests the identity's tokens without a proxy, so its default, 169.254.169.254, would not be azrun.
    ARM_MSI_ENDPOINT: `${httpUrl}/metadata/identity/oauth2/token`,
    ARM_RESOURCE_PROVIDER_REGISTRATIONS: 'none'
  }
}

/** Repeats settings of az's configuration file, because the user's environment would override the file. */
function azureCliOf ({ azureConfigDir }: EnvironmentFiles) {
  return {
    AZURE_CONFIG_DIR: azureConfigDir,
    AZURE_CORE_COLLECT_TELEMETRY: 'false',
    AZURE_CORE_LOGIN_EXPERIENCE_V2: 'false',
    AZURE_CORE_SURVEY_MESSAGE: 'false',
    AZURE_EXTENSION_USE_DYNAMIC_INSTALL: 'no'
  }
}
