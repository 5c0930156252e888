import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { createAuthority } from '../../src/certificates/x509.js'
import { azrun, type Ended } from '../harness/azrun.js'
import { newDirectory } from '../harness/directory.js'

const SHOW = 'process.stdout.write(JSON.stringify(process.env))'

/** All tests share it, so the CA is created only once. */
const dataDir = newDirectory(t)

interface Run extends Ended {
  /** The directory for temporary files. */
  readonly tmp: string
}

t.test("exits with the command's exit code, or with a shell's code for the signal that ended it", async t => {
  for (const [script, expected] of [['exit 0', 0], ['exit 7', 7], ['kill -TERM $$', 143], ['kill -KILL $$', 137]] as const) {
    const { code, stdout, stderr } = await exec(t, ['sh', '-c', script])
    t.strictSame({ code, stdout, stderr }, { code: expected, stdout: '', stderr: '' }, script)
  }
})

t.test('passes every argument after -- to the command, and prints nothing else on stdout', async t => {
  const args = ['--help', '--version', '--', '--port', 'x y', '$HOME', '']
  const script = 'process.stdout.write(JSON.stringify(process.argv.slice(1)))'
  const { code, stdout, stderr } = await exec(t, ['node', '-e', script, '--', ...args])
  t.strictSame({ code, stderr }, { code: 0, stderr: '' })
  t.strictSame(JSON.parse(stdout), args)
})

t.test("reports in one line why a command cannot be run, with a shell's exit code", async t => {
  const dir = t.testdir({ plain: '#!/bin/sh\n', script: '#!/no/interpreter\n', directory: {} })
  chmodSync(join(dir, 'script'), 0o755)
  const cases: ReadonlyArray<readonly [string, number, RegExp]> = [
    ['no-such-command', 127, /^azrun: command 'no-such-command' is not on PATH: install it, or give its path\n$/],
    [join(dir, 'no\nfile'), 127, /^azrun: file '\S+no file' does not exist: check the path; the current directory is '.+'\n$/],
    ['npm test', 127, /^azrun: command 'npm test' is not on PATH: if it has arguments, remove the quotes around them, or use sh -c\n$/],
    ['./gradlew test', 127, /^azrun: file '\.\/gradlew test' does not exist: .+; if it has arguments, remove the quotes around them, or use sh -c\n$/],
    ['', 127, /^azrun: command '' is not on PATH: .+\n$/],
    [join(dir, 'plain'), 126, /^azrun: '\S+plain' cannot be run: .+; try chmod \+x, or run it with its interpreter\n$/],
    [join(dir, 'directory'), 126, /^azrun: '\S+directory' cannot be run: it is not an executable file; .+\n$/],
    [join(dir, 'script'), 126, /^azrun: '\S+script' cannot be run: the interpreter in its first line does not exist\n$/]
  ]
  for (const [command, expected, message] of cases) {
    const { code, stdout, stderr, tmp } = await exec(t, [command])
    t.equal(code, expected, command)
    t.equal(stdout, '')
    t.match(stderr, message)
    t.strictSame(readdirSync(tmp), [], 'no file is left')
  }
})

t.test("adds azrun's variables to the command's environment, and removes those that bypass azrun", async t => {
  const inherited = {
    MINE: 'kept',
    HTTPS_PROXY: 'http://proxy.example:8080',
    ALL_PROXY: 'socks5://proxy.example',
    AZURE_AUTHORITY_HOST: 'https://login.example',
    MSI_ENDPOINT: 'http://127.0.0.1:1',
    AZURE_CLIENT_ID: 'mine',
    AZRUN_PORT: '0',
    AZRUN_EXECUTOR: 'fixture'
  }
  const { stdout } = await exec(t, ['node', '-e', SHOW], { env: inherited })
  const env = JSON.parse(stdout)
  t.match(env, {
    MINE: 'kept',
    AZRUN_EXECUTOR: 'fixture',
    AZRUN_URL: /^https:\/\/127\.0\.0\.1:\d+$/,
    HTTPS_PROXY: env.AZRUN_URL.replace('https', 'http'),
    AZURE_CLIENT_ID: /^[\da-f-]{36}$/,
    AZURE_SUBSCRIPTION_ID: '00000000-0000-0000-0000-000000000000'
  })
  for (const name of ['ALL_PROXY', 'AZURE_AUTHORITY_HOST', 'MSI_ENDPOINT', 'AZRUN_PORT']) t.notOk(name in env, name)
})

t.test('sets the variables of the declared subscription and service principal', async t => {
  const servicePrincipals = [
    { clientId: '11111111-1111-4111-8111-111111111111', certificate: (await createAuthority()).cert },
    { clientId: '22222222-2222-4222-8222-222222222222', clientSecret: 'it\'s "secret"' }
  ]
  const subscriptions = [{
    subscriptionId: '33333333-3333-4333-8333-333333333333', tenantId: '44444444-4444-4444-8444-444444444444'
  }]
  const config = join(t.testdir({ 'config.json': JSON.stringify({ servicePrincipals, subscriptions, auth: 'strict' }) }), 'config.json')
  const { stdout } = await exec(t, ['node', '-e', SHOW], { options: ['--config', config] })
  t.match(JSON.parse(stdout), {
    AZURE_CLIENT_ID: servicePrincipals[1]!.clientId,
    AZURE_CLIENT_SECRET: 'it\'s "secret"',
    AZURE_SUBSCRIPTION_ID: subscriptions[0]!.subscriptionId,
    AZURE_TENANT_ID: subscriptions[0]!.tenantId
  })
})

t.test('with --auth strict logs in only as a declared service principal, unless nobody is declared', async t => {
  const config = join(t.testdir({ 'users.json': '{ "users": [{ "name": "ann@contoso.com" }] }' }), 'users.json')
  const open = await exec(t, ['echo', 'ran'], { options: ['--auth', 'strict'] })
  t.strictSame({ code: open.code, stdout: open.stdout }, { code: 0, stdout: 'ran\n' })
  const closed = await exec(t, ['echo', 'ran'], { options: ['--auth', 'strict', '--config', config] })
  t.strictSame({ code: closed.code, stdout: closed.stdout }, { code: 1, stdout: '' })
  t.match(closed.stderr, /^azrun: azrun refused the login of \S+: AADSTS700016: .+; declare one of service/)
  t.match(closed.stderr, / with a clientSecret, and for azrun env use the --config of the running azrun\n$/)
})

t.test('uses a private directory while the command runs, then removes it and frees the port', async t => {
  const script = 'const d = require("path").dirname(process.env.SSL_CERT_FILE); ' +
    'process.stdout.write(JSON.stringify([process.env.AZRUN_URL, d, require("fs").statSync(d).mode & 0o777]))'
  const { stdout, tmp } = await exec(t, ['node', '-e', script])
  const [url, directory, mode] = JSON.parse(stdout)
  t.ok(directory.startsWith(join(tmp, 'azrun-')))
  t.equal(mode, 0o700)
  t.strictSame(readdirSync(tmp), [])
  t.equal(await connecting(Number(new URL(url).port)), 'ECONNREFUSED')
})

t.test('keeps a ready file while the command runs', async t => {
  const file = join(t.testdir(), 'ready.json')
  const { stdout } = await exec(t, ['cat', file], { options: ['--ready-file', file] })
  t.match(JSON.parse(stdout), { url: /^https:/, pid: Number, caFile: String })
  t.notOk(existsSync(file))
})

t.test('nests: the command of the inner azrun uses it, and the outer azrun runs on', async t => {
  const script = `azrun() { "${process.execPath}" dist/cli.js "$@"; }; echo "$AZRUN_URL"; ` +
    'azrun exec -- sh -c "echo \\$AZRUN_URL; echo \\$HTTPS_PROXY; grep -c BEGIN \\$NODE_EXTRA_CA_CERTS; echo \\$JAVA_TOOL_OPTIONS"; ' +
    'azrun healthcheck --ready-file "$READY" && echo up'
  const ready = join(t.testdir(), 'ready.json')
  const { code, stdout, stderr } = await exec(t, ['sh', '-c', script], { options: ['--ready-file', ready], env: { READY: ready } })
  const [outer, inner, proxy, certificates, java, up] = stdout.trim().split('\n')
  t.strictSame({ code, stderr }, { code: 0, stderr: '' })
  t.not(inner, outer)
  t.equal(proxy, inner!.replace('https', 'http'))
  t.equal(certificates, '1', 'both azruns have the same CA')
  t.equal(java!.match(/proxyHost/g)!.length, 2)
  t.equal(up, 'up')
})

t.test('routes requests for the public cloud to azrun', async t => {
  const script = `import { EnvHttpProxyAgent, fetch } from 'undici'
    const get = async url => (await fetch(url, { dispatcher: new EnvHttpProxyAgent(), headers: { authorization: 'Bearer any' } })).text()
    console.log(await get('https://management.azure.com/subscriptions?api-version=2022-12-01'))
    console.log(await get(process.env.AZRUN_URL + '/_emulator/health'))`
  const { stdout, stderr } = await exec(t, ['node', '--input-type=module', '-e', script])
  const [azure, direct] = stdout.trim().split('\n').map(line => JSON.parse(line))
  t.equal(stderr, '')
  t.match(azure, { value: [{ subscriptionId: '00000000-0000-0000-0000-000000000000' }] })
  t.match(direct, { status: 'ready' })
})

t.test("neither scenarios nor the journal see azrun's own login: they are for the command's requests", async t => {
  const scenarios = join(t.testdir({
    'down.json': JSON.stringify({
      scenario: { name: 'down', match: { operation: '*' }, calls: '1-2', do: [{ error: { code: 'temporarily_unavailable' } }] }
    })
  }), 'down.json')
  const script = `const get = async path => (await fetch(process.env.AZRUN_URL.replace('https', 'http') + path)).json()
    const { value: [down] } = await get('/_emulator/scenarios')
    const { total } = await get('/_emulator/requests')
    console.log(down.name, down.matched, total)`
  const { code, stdout, stderr } = await exec(t, ['node', '--input-type=module', '-e', script], { options: ['--scenarios', scenarios] })
  t.strictSame({ code, stdout, stderr }, { code: 0, stdout: 'down 0 0\n', stderr: '' })
})

t.test('exits with 1 and runs nothing if it cannot listen', async t => {
  const { code, stdout, stderr, tmp } = await exec(t, ['echo', 'ran'], {
    options: ['--host', '192.0.2.1', '--data-dir', t.testdir()]
  })
  t.strictSame({ code, stdout }, { code: 1, stdout: '' })
  t.match(stderr, /^azrun: cannot listen on --host 192\.0\.2\.1 .+\n$/)
  t.strictSame(readdirSync(tmp), [])
})

interface Given {
  readonly options?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

async function exec (t: Test, command: readonly string[], { options = [], env = {} }: Given = {}): Promise<Run> {
  const tmp = mkdtempSync(join(tmpdir(), 'azrun-exec-test-'))
  t.teardown(() => rmSync(tmp, { recursive: true, force: true }))
  const ended = await azrun(t, ['exec', ...options, '--', ...command], { ...env, TMPDIR: tmp, AZRUN_DATA_DIR: dataDir })
  return { ...ended, stderr: ended.stderr.replaceAll(NODE_22, ''), tmp }
}

/** The warning that Node 22 prints in every process with NODE_USE_ENV_PROXY. */
const NODE_22 = /\(node:\d+\) \[UNDICI-EHPA\] Warning: .*\n(?:\(Use `node --trace-warnings .*\n)?/g

/** The code of the connection error, or undefined if the connection succeeds. */
async function connecting (port: number): Promise<string | undefined> {
  return await new Promise(resolve => {
    const socket = connect(port, '127.0.0.1', () => { socket.destroy(); resolve(undefined) })
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code))
  })
}
