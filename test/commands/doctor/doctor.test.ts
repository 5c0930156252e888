import { once } from 'node:events'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join, relative } from 'node:path'
import t from 'tap'
import { createAuthority } from '../../../src/certificates/x509.js'
import { checkAuthority } from '../../../src/commands/doctor/authority.js'
import { checkDataDirectory } from '../../../src/commands/doctor/data-directory.js'
import type { Finding, Surroundings } from '../../../src/commands/doctor/finding.js'
import { checkNode } from '../../../src/commands/doctor/node.js'
import { checkPort } from '../../../src/commands/doctor/port.js'
import { checkPrograms } from '../../../src/commands/doctor/programs.js'
import { checkProxies } from '../../../src/commands/doctor/proxies.js'
import { runningAt } from '../../../src/commands/doctor/running.js'
import { checkTrust } from '../../../src/commands/doctor/trust.js'
import { azrun, serving } from '../../harness/azrun.js'
import { configFromArgv } from '../../harness/config.js'
import { listenOnAnyPort } from '../../harness/loopback-server.js'
import { matchList } from '../../harness/match-list.js'

const DAY = 24 * 60 * 60 * 1000
const isRoot = process.getuid?.() === 0

async function surroundingsFor (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Surroundings> {
  // These tests do not depend on what listens on the default port.
  const config = await configFromArgv(args.includes('--port') ? args : ['--port', '0', ...args], {})
  const running = config.port === 0 ? undefined : await runningAt(config)
  return { config, dataDir: config.dataDir, running, env, node: '22.21.0' }
}

function statuses (findings: readonly Finding[]): string {
  return findings.map(({ status }) => status).join(' ')
}

t.test('prints a line for each finding, and exits with 0 if azrun can run', async t => {
  const { code, stdout, stderr } = await azrun(t, ['doctor', '--port', '0', '--data-dir', t.testdir()])
  t.strictSame({ code, stderr }, { code: 0, stderr: '' })
  for (const line of stdout.trimEnd().split('\n')) t.match(line, /^(?:ok {2}|note) {2}\S/)
  for (const part of ['Node.js', 'data directory', 'CA', 'proxy', 'port', 'sh runs', 'pwsh']) t.match(stdout, part)
})

t.test('exits with 1 if azrun cannot run, and still prints every finding', async t => {
  const dir = t.testdir({ file: '' })
  const { code, stdout } = await azrun(t, ['doctor', '--port', '0', '--data-dir', join(dir, 'file')])
  t.equal(code, 1)
  t.match(stdout, /^fail {2}data directory \S+ cannot be used: \S+ is not a directory; choose another with/m)
  t.match(stdout, /^(?:ok {2}|note) {2}.*pwsh.*$/m)
})

t.test('fails on Node.js releases that azrun does not support, and notes those whose fetch ignores the proxy', async t => {
  const found = (node: string) => statuses(checkNode({ node }))
  for (const node of ['18.20.0', '20.18.3']) t.equal(found(node), 'fail', node)
  for (const node of ['20.19.0', '22.20.0', '24.4.1', '23.11.0']) t.equal(found(node), 'ok note', node)
  for (const node of ['22.21.0', '24.5.0', '25.0.0']) t.equal(found(node), 'ok', node)
})

t.test('reports whether the data directory is writable', async t => {
  const dir = t.testdir({ there: {}, file: '', closed: {} })
  const found = async (name: string) => checkDataDirectory(await surroundingsFor(['--data-dir', join(dir, name)]))
  t.strictSame(await found('there'), [{ status: 'ok', text: `data directory ${join(dir, 'there')}` }])
  matchList(t, await found('new/er'), [{ status: 'ok', text: `${join(dir, 'new/er')}, which azrun will create` }])
  t.equal(statuses(await found('file')), 'fail')
  t.equal(statuses(await found('file/below')), 'fail')
  chmodSync(join(dir, 'closed'), 0o500)
  t.equal(statuses(await found('closed/new')), isRoot ? 'ok' : 'fail', 'root can write everywhere')
  const config = await configFromArgv([], {})
  for (const dataDir of [undefined, join(dir, 'file')]) {
    t.match(checkDataDirectory({ config, dataDir, env: {}, node: '22.21.0' }),
      [{ status: 'note', text: /azrun keeps its keys in a temporary directory/ }], 'azrun runs without the default directory')
  }
})

t.test('reports when the CA expires, and whether other users can read its key', async t => {
  const dataDir = t.testdir()
  matchList(t, checkAuthority(await surroundingsFor(['--data-dir', dataDir])), [{ status: 'ok', text: 'no CA yet' }])
  await storeAuthority(dataDir)
  matchList(t, checkAuthority(await surroundingsFor(['--data-dir', dataDir])), [{ status: 'ok', text: /cert\.pem, valid until \d{4}-\d\d-\d\d$/ }])
  chmodSync(join(dataDir, 'ca/key.pem'), 0o644)
  t.match(checkAuthority(await surroundingsFor(['--data-dir', dataDir])).at(-1), { status: 'note', text: /key\.pem can be read by others \(mode 0644\): run chmod 600/ })
  const old = t.testdir({ old: {} })
  await storeAuthority(join(old, 'old'), new Date(Date.now() - 710 * DAY))
  matchList(t, checkAuthority(await surroundingsFor(['--data-dir', join(old, 'old')])), [{ status: 'note', text: /expires on .*: azrun replaces it/ }])
})

t.test('lists the variables that do not lead to the CA', async t => {
  const dataDir = t.testdir({ 'other.pem': (await createAuthority()).cert })
  t.strictSame(checkTrust(await surroundingsFor(['--data-dir', dataDir])), [], 'there is no CA')
  await storeAuthority(dataDir)
  const ca = join(dataDir, 'ca/cert.pem')
  const all = { NODE_EXTRA_CA_CERTS: ca, SSL_CERT_FILE: ca, REQUESTS_CA_BUNDLE: ca, CURL_CA_BUNDLE: ca }
  t.equal(statuses(checkTrust(await surroundingsFor(['--data-dir', dataDir], all))), 'ok')
  const env = { ...all, SSL_CERT_FILE: join(dataDir, 'other.pem'), CURL_CA_BUNDLE: '/no/file' }
  t.match(checkTrust(await surroundingsFor(['--data-dir', dataDir], env)),
    [{ status: 'note', text: 'which is not in SSL_CERT_FILE, CURL_CA_BUNDLE: run them with azrun exec' }])
})

t.test("lists the variables that make clients bypass azrun, without a proxy's password", async t => {
  const found = (env: NodeJS.ProcessEnv) => checkProxies({ env })
  matchList(t, found({}), [{ status: 'ok', text: 'no proxy' }])
  const azrun = { AZRUN_URL: 'https://127.0.0.1:10900', HTTPS_PROXY: 'http://127.0.0.1:10900', NO_PROXY: 'localhost,127.0.0.1' }
  matchList(t, found(azrun), [{ status: 'ok', text: 'the proxy of this shell is azrun' }])
  const [other, ...none] = found({ ...azrun, HTTPS_PROXY: 'http://user:secret@proxy.example:8080' })
  t.match(other, { status: 'note', text: 'HTTPS_PROXY is not azrun' })
  t.notMatch(other!.text, 'secret')
  t.strictSame(none, [])
  for (const exempt of ['*', '.azure.com', 'a.example, management.azure.com', '*.microsoftonline.com']) {
    matchList(t, found({ no_proxy: exempt }), [{ status: 'note', text: 'no_proxy exempts ' }], exempt)
  }
  matchList(t, found({ MSI_ENDPOINT: 'http://127.0.0.1:1' }), [{ status: 'note', text: /^MSI_ENDPOINT .*: unset it/ }])
})

t.test('reports whether the port is free, in use by an azrun, or in use by another program', async t => {
  matchList(t, await checkPort(await surroundingsFor(['--port', '0'])), [{ status: 'ok', text: 'any free port' }])
  const running = await serving(t, t.testdir())
  matchList(t, await checkPort(await surroundingsFor(['--port', `${running.port}`])), [{ status: 'ok', text: `azrun is running at ${running.url}` }])
  const server = createServer(socket => { socket.destroy() })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const port = `${(server.address() as AddressInfo).port}`
  matchList(t, await checkPort(await surroundingsFor(['--port', port])), [{ status: 'fail', text: 'the port is in use; choose another with --port' }])
  server.close()
  await once(server, 'close')
  matchList(t, await checkPort(await surroundingsFor(['--port', port])), [{ status: 'ok', text: `port ${port} of 127.0.0.1 is free` }])
})

t.test('reports that another azrun has replaced the CA that the running azrun and its clients use', async t => {
  const dataDir = t.testdir()
  const { port, url, httpUrl } = await serving(t, dataDir)
  const { caFile } = await (await fetch(`${httpUrl}/_emulator/health`)).json() as { readonly caFile: string }
  const env = Object.fromEntries(['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'].map(name => [name, caFile]))
  const surroundings = async () => await surroundingsFor(['--port', `${port}`, '--data-dir', dataDir], env)
  t.equal(statuses(checkAuthority(await surroundings())), 'ok')
  const file = join(dataDir, 'ca/cert.pem')
  writeFileSync(file, (await createAuthority()).cert)
  matchList(t, checkAuthority(await surroundings()).slice(1), [{
    status: 'note',
    text: `the azrun at ${url} uses the CA of ${caFile}, which another azrun has since replaced with that of ${file}: restart it, and`
  }])
  t.strictSame(checkTrust(await surroundings()), [{ status: 'ok', text: 'clients of this shell trust the CA' }])
  const near = await surroundingsFor(['--port', `${port}`, '--data-dir', relative('.', dataDir)], env)
  t.equal(statuses(checkAuthority(near)), 'ok note', 'a relative path of the same directory')
  const elsewhere = await surroundingsFor(['--port', `${port}`, '--data-dir', t.testdir()])
  matchList(t, checkAuthority(elsewhere), [{ text: 'no CA yet' }], 'the CA of an azrun with another data directory, such as in a container, is not compared')
})

t.test('checks the CA of the data directory if a running azrun does not return its CA', async t => {
  const dataDir = t.testdir()
  await storeAuthority(dataDir)
  const port = await listenOnAnyPort(t, (request, response) => {
    if (request.url === '/_emulator/health') response.end('{"status":"ready"}')
    else response.writeHead(404).end('{"error":{"code":"NotFound","message":"azrun has no such page"}}')
  })
  const surroundings = await surroundingsFor(['--port', `${port}`, '--data-dir', dataDir])
  matchList(t, await checkPort(surroundings), [{ status: 'ok', text: `azrun is running at https://127.0.0.1:${port}` }])
  t.equal(statuses(checkAuthority(surroundings)), 'ok')
  matchList(t, checkTrust(surroundings), [{ status: 'note', text: 'clients of this shell do not trust the CA' }])
})

t.test('reports which programs are on PATH', async t => {
  const bin = t.testdir({ pwsh: '', az: '', go: {} })
  const found = async (PATH: string) => checkPrograms(await surroundingsFor([], { PATH })).slice(2)
  t.equal(statuses(await found('')), 'note ok')
  t.equal(statuses(await found(bin)), 'note ok', 'a file that is not executable is no program')
  for (const name of ['pwsh', 'az']) chmodSync(join(bin, name), 0o755)
  t.strictSame((await found(`/no/where:${bin}`)).map(({ status, text }) => `${status} ${text}`), [
    'ok pwsh runs RunPowerShellScript, with --executor shell',
    'ok clients on PATH: az'
  ])
  t.equal(statuses(await found(relative('.', bin))), 'note ok', 'the executor ignores relative directories')
})

t.test('reports the shells that --executor shell runs, whatever the PATH, and fails only for that executor without sh', async t => {
  const found = async (args: string[], isProgram: (file: string) => boolean) =>
    checkPrograms(await surroundingsFor(args, { PATH: '' }), isProgram).slice(0, 2)
  t.strictSame(await found([], () => true), [
    { status: 'ok', text: '/bin/sh runs RunShellScript, with --executor shell' },
    { status: 'ok', text: '/bin/bash runs managed run commands, with --executor shell' }
  ])
  t.equal(statuses(await found([], () => false)), 'note note')
  t.equal(statuses(await found(['--executor', 'shell'], () => false)), 'fail note')
})

/** Writes a new CA to a data directory. `now`: when it was created. */
async function storeAuthority (dataDir: string, now?: Date): Promise<void> {
  const { cert, key } = await createAuthority([], now)
  mkdirSync(join(dataDir, 'ca'))
  writeFileSync(join(dataDir, 'ca/cert.pem'), cert)
  writeFileSync(join(dataDir, 'ca/key.pem'), key, { mode: 0o600 })
}
