import { spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { createAuthority } from '../../src/certificates/x509.js'
import type { Account } from '../../src/environment/account.js'
import { readBundle, readNodeExtras } from '../../src/environment/certificate-bundle.js'
import { prepareEnvironment } from '../../src/environment/environment.js'
import { UNSET } from '../../src/environment/inherited.js'
import { environmentOf } from '../../src/environment/variables.js'

const TENANT = '11111111-1111-4111-8111-111111111111'
const SUBSCRIPTION = '22222222-2222-4222-8222-222222222222'
const account: Account = {
  tenantId: TENANT,
  clientId: '33333333-3333-4333-8333-333333333333',
  clientSecret: 'a secret',
  subscriptionId: SUBSCRIPTION,
  subscriptions: [
    { subscriptionId: SUBSCRIPTION, displayName: 'one', tenantId: TENANT },
    { subscriptionId: '44444444-4444-4444-8444-444444444444', displayName: 'other', tenantId: TENANT }
  ]
}
const running = { url: 'https://127.0.0.1:10900', httpUrl: 'http://127.0.0.1:10900', account }
const files = { bundle: '/b/ca.pem', nodeExtras: '/b/node.pem', javaTrustStore: '/b/j.jks', azureConfigDir: '/b/azure' }

t.test('points every client to azrun with the variables that clients read', async t => {
  const variables = environmentOf({ ...running, files, inherited: {} })
  t.strictSame(variables, {
    AZRUN_URL: running.url,
    HTTP_PROXY: running.httpUrl,
    HTTPS_PROXY: running.httpUrl,
    NO_PROXY: 'localhost,127.0.0.1,::1,[::1]',
    http_proxy: running.httpUrl,
    https_proxy: running.httpUrl,
    no_proxy: 'localhost,127.0.0.1,::1,[::1]',
    NODE_USE_ENV_PROXY: '1',
    NODE_EXTRA_CA_CERTS: files.nodeExtras,
    SSL_CERT_FILE: files.bundle,
    REQUESTS_CA_BUNDLE: files.bundle,
    CURL_CA_BUNDLE: files.bundle,
    JAVA_TOOL_OPTIONS: `-Dazrun.url=${running.url} -Djavax.net.ssl.trustStore=/b/j.jks -Djavax.net.ssl.trustStoreType=JKS ` +
      '-Djavax.net.ssl.trustStorePassword=changeit -Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=10900 ' +
      '-Dhttp.proxyHost=127.0.0.1 -Dhttp.proxyPort=10900 -Dhttp.nonProxyHosts=localhost|127.*|[::1]',
    AZURE_TENANT_ID: TENANT,
    AZURE_CLIENT_ID: account.clientId,
    AZURE_CLIENT_SECRET: 'a secret',
    AZURE_SUBSCRIPTION_ID: SUBSCRIPTION,
    AZURE_TENANT: TENANT,
    AZURE_SECRET: 'a secret',
    IDENTITY_ENDPOINT: 'http://127.0.0.1:10900/msi/token',
    IDENTITY_HEADER: 'azrun',
    ARM_TENANT_ID: TENANT,
    ARM_CLIENT_ID: account.clientId,
    ARM_CLIENT_SECRET: 'a secret',
    ARM_SUBSCRIPTION_ID: SUBSCRIPTION,
    ARM_MSI_ENDPOINT: 'http://127.0.0.1:10900/metadata/identity/oauth2/token',
    ARM_RESOURCE_PROVIDER_REGISTRATIONS: 'none',
    AZURE_CONFIG_DIR: files.azureConfigDir,
    AZURE_CORE_COLLECT_TELEMETRY: 'false',
    AZURE_CORE_LOGIN_EXPERIENCE_V2: 'false',
    AZURE_CORE_SURVEY_MESSAGE: 'false',
    AZURE_EXTENSION_USE_DYNAMIC_INSTALL: 'no'
  })
  t.strictSame(Object.keys(variables).filter(name => name in UNSET), [], 'no variable is both set and unset')
})

t.test('clients reach azrun itself without the proxy, whatever its address', async t => {
  const url = 'https://build-7.example:10900'
  const variables = environmentOf({ ...running, url, httpUrl: url.replace('https', 'http'), files, inherited: {} })
  t.equal(variables['NO_PROXY'], 'localhost,127.0.0.1,::1,[::1],build-7.example')
  t.match(variables['JAVA_TOOL_OPTIONS'], /-Dhttp\.nonProxyHosts=localhost\|127\.\*\|\[::1\]\|build-7\.example$/)
  const v6 = environmentOf({ ...running, url: 'https://[::1]:7', httpUrl: 'http://[::1]:7', files, inherited: {} })
  t.match(v6['JAVA_TOOL_OPTIONS'], / -Dhttps\.proxyHost=::1 -Dhttps\.proxyPort=7 /)
})

t.test("appends its JVM options to the user's own once", async t => {
  const first = environmentOf({ ...running, files, inherited: { JAVA_TOOL_OPTIONS: '-Xmx1g -Da="b c" ' } })
  t.match(first['JAVA_TOOL_OPTIONS'], /^-Xmx1g -Da="b c" -Dazrun\.url=https:\S+ \S/)
  t.strictSame(environmentOf({ ...running, files, inherited: first }), first)
})

t.test('clients trust the CA in addition to the CAs that the system and the user trust', async t => {
  const authorities = await Promise.all([createAuthority(), createAuthority(), createAuthority()])
  const [ca, own, nodes] = authorities.map(each => each.cert)
  const dir = t.testdir({ 'own.pem': `a comment\r\n${own}`, 'nodes.pem': nodes! })
  const system = readBundle(ca!, {})
  t.ok(system.length > 20)
  t.strictSame(system.map(fingerprint)[0], fingerprint(ca!))
  for (const name of ['SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE']) {
    const bundle = readBundle(ca!, { [name]: join(dir, 'own.pem') }).map(fingerprint)
    t.ok(bundle.includes(fingerprint(own!)), name)
    t.equal(bundle.length, system.length + 1, name)
  }
  t.strictSame(readBundle(ca!, { SSL_CERT_FILE: join(dir, 'no.pem'), CURL_CA_BUNDLE: '' }), system)
  const twice = join(dir, 'twice.pem')
  writeFileSync(twice, system.join('\r\n'))
  t.strictSame(readBundle(ca!, { SSL_CERT_FILE: twice }).map(fingerprint), system.map(fingerprint), 'each once')
  t.strictSame(readNodeExtras(ca!, { NODE_EXTRA_CA_CERTS: join(dir, 'nodes.pem') }).map(fingerprint),
    [ca!, nodes!].map(fingerprint))
})

t.test('writes files that only the user can read, and replaces the files of an earlier run', async t => {
  const { ca, directory, variables } = await prepare(t, 'a directory')
  const written = ['SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'].map(name => variables[name]!)
  for (const file of [...written, ...azureFiles(variables)]) {
    t.equal(statSync(file).mode & 0o777, 0o600, file)
    t.ok(file.startsWith(directory))
  }
  t.equal(statSync(directory).mode & 0o777, 0o700)
  const cache = join(variables['AZURE_CONFIG_DIR']!, 'msal_token_cache.json')
  writeFileSync(cache, '{}')
  t.strictSame(prepareEnvironment({ ...running, ca, directory, inherited: {} }), variables)
  t.notOk(existsSync(cache), 'the tokens of the earlier run are gone')
})

t.test('writes the files of a logged-in az (azure-cli 2.91, _profile.py and auth/identity.py)', async t => {
  const { variables } = await prepare(t, 'azure')
  const [profile, entries] = azureFiles(variables).slice(0, 2).map(file => JSON.parse(readFileSync(file, 'utf8')))
  t.strictSame(entries, [{ tenant: TENANT, client_id: account.clientId, client_secret: 'a secret' }])
  t.strictSame(profile.subscriptions[0], {
    id: SUBSCRIPTION,
    name: 'one',
    state: 'Enabled',
    user: { name: account.clientId, type: 'servicePrincipal' },
    isDefault: true,
    tenantId: TENANT,
    environmentName: 'AzureCloud',
    homeTenantId: TENANT,
    managedByTenants: []
  })
  t.strictSame(profile.subscriptions.map((each: { isDefault: boolean }) => each.isDefault), [true, false])
  const config = readFileSync(join(variables['AZURE_CONFIG_DIR']!, 'config'), 'utf8')
  t.match(config, /^\[core\]\ncollect_telemetry = false$/m)
})

t.test('writes the certificates of the bundle to a trust store that Java reads', {
  skip: has('keytool') ? false : 'keytool, which is part of a JDK, is not installed'
}, async t => {
  const { ca, variables } = await prepare(t, 'it\'s "mine" $HOME')
  const bundle = readFileSync(variables['SSL_CERT_FILE']!, 'utf8').match(/BEGIN CERT/g)!
  const listed = run('keytool', ['-list', '-keystore', trustStoreOf(variables), '-storepass', 'changeit'], variables)
  t.match(listed, new RegExp(`Your keystore contains ${bundle.length} entries`))
  t.match(listed, /trustedCertEntry/)
  t.ok(listed.includes(new X509Certificate(ca).fingerprint256))
  t.throws(() => run('keytool', ['-list', '-keystore', trustStoreOf(variables), '-storepass', 'another'], variables))
})

t.test('passes the JVM its options unchanged, whatever characters the path contains', {
  skip: has('java') ? false : 'java is not installed'
}, async t => {
  const { variables } = await prepare(t, 'it\'s  "mine" \'\'""\' \\n $(id) `id` $HOME\nüé')
  const shown = run('java', ['-XshowSettings:properties', '-version'], variables)
  t.ok(shown.includes(`javax.net.ssl.trustStore = ${trustStoreOf(variables)}\n`), shown)
  t.match(shown, 'azrun.url = https://127.0.0.1:10900\n')
})

async function prepare (t: Test, name: string) {
  const { cert: ca } = await createAuthority()
  const directory = join(t.testdir(), name)
  return { ca, directory, variables: prepareEnvironment({ ...running, ca, directory, inherited: {} }) }
}

function azureFiles ({ AZURE_CONFIG_DIR: directory }: Record<string, string>): string[] {
  return ['azureProfile.json', 'service_principal_entries.json', 'config'].map(name => join(directory!, name))
}

function trustStoreOf ({ SSL_CERT_FILE: bundle }: Record<string, string>): string {
  return bundle!.replace(/ca-bundle\.pem$/, 'java-trust-store.jks')
}

function fingerprint (pem: string): string {
  return new X509Certificate(pem).fingerprint256
}

/** Runs a command, and returns its stdout and stderr. Throws if it fails. */
function run (command: string, args: readonly string[], variables: Record<string, string>): string {
  const env = { ...process.env, LC_ALL: 'C.UTF-8', JAVA_TOOL_OPTIONS: variables['JAVA_TOOL_OPTIONS'] }
  const { status, stdout, stderr } = spawnSync(command, args, { env, encoding: 'utf8' })
  if (status !== 0) throw new Error(stdout + stderr)
  return stdout + stderr
}

function has (command: string): boolean {
  return process.env['PATH']!.split(':').some(each => existsSync(join(each, command)))
}
