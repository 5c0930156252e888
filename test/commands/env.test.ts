import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { azrun, launched, serving, type Serving } from '../harness/azrun.js'
import { newDirectory } from '../harness/directory.js'
import { listenOnAnyPort } from '../harness/loopback-server.js'

/** The azrun of the tests that need no options. */
const running = await serving(t, newDirectory(t))

t.test('env prints the same variables for a host and port and for a ready file', async t => {
  const dir = t.testdir({ "it's": {} })
  const dataDir = join(dir, "it's")
  const readyFile = join(dir, 'ready.json')
  const { url, port } = await serving(t, dataDir, ['--ready-file', readyFile])
  const first = await azrun(t, ['env', '--ready-file', readyFile], { AZRUN_DATA_DIR: dataDir })
  t.strictSame({ code: first.code, stderr: first.stderr }, { code: 0, stderr: '' })
  t.match(first.stdout, `export AZRUN_URL='${url}'\n`)
  t.match(first.stdout, `export HTTPS_PROXY='http://127.0.0.1:${port}'\n`)
  const quoted = join(dataDir, `environment-127.0.0.1-${port}`, 'ca-bundle.pem').replace("'", "'\\''")
  t.match(first.stdout, `export SSL_CERT_FILE='${quoted}'\n`)
  for (const args of [['--port', `${port}`], ['--port', `${port}`, '--host', '0.0.0.0']]) {
    t.strictSame(await azrun(t, ['env', ...args], { AZRUN_DATA_DIR: dataDir }), first)
  }
  t.strictSame(await azrun(t, ['env'], { AZRUN_DATA_DIR: dataDir, AZRUN_READY_FILE: readyFile }), first)
})

t.test('the files of env are removed when an azrun on a free port ends, and stay for an azrun on a chosen port', async t => {
  const dataDir = t.testdir()
  /** Whether the files exist while an azrun runs, and after it has ended. */
  const files = async ({ port, child, ended }: Serving) => {
    const directory = join(dataDir, `environment-127.0.0.1-${port}`)
    await azrun(t, ['env', '--port', `${port}`], { AZRUN_DATA_DIR: dataDir })
    const before = existsSync(directory)
    child.kill('SIGTERM')
    t.strictSame(await ended, { code: 0, stdout: `azrun listening on https://127.0.0.1:${port}\n`, stderr: '' })
    return { before, after: existsSync(directory), port }
  }
  const { port, ...ofFree } = await files(await serving(t, dataDir))
  t.strictSame(ofFree, { before: true, after: false })
  const chosen = await launched(t, ['--port', `${port}`, '--data-dir', dataDir], {})
  t.strictSame(await files(chosen), { before: true, after: true, port })
})

const needsLinux = process.platform !== 'linux' && 'only Linux has all addresses of 127.0.0.0/8'

t.test('env writes separate files for two azruns with the same port and different addresses', { skip: needsLinux }, async t => {
  const dir = t.testdir({ one: {}, other: {}, files: {} })
  const env = { AZRUN_DATA_DIR: join(dir, 'files') }
  const { port } = await serving(t, join(dir, 'one'))
  await launched(t, ['--host', '127.0.0.2', '--port', `${port}`, '--data-dir', join(dir, 'other')], {})
  const files: string[] = []
  for (const host of ['127.0.0.1', '127.0.0.2']) {
    const { stdout } = await azrun(t, ['env', '--host', host, '--port', `${port}`, '--format', 'json'], env)
    files.push(JSON.parse(stdout).NODE_EXTRA_CA_CERTS)
  }
  t.strictSame(files.map(file => readFileSync(file, 'utf8')),
    ['one', 'other'].map(name => readFileSync(join(dir, name, 'ca/cert.pem'), 'utf8')))
})

t.test('env prints the same variables for shells, programs and GitHub Actions', async t => {
  const dir = t.testdir({ 'a "b" $c\nd': {} })
  const dataDir = join(dir, 'a "b" $c\nd')
  const { port } = running
  const inherited = { AZRUN_DATA_DIR: dataDir, AZURE_AUTHORITY_HOST: 'https://login.example' }
  const printed = async (format: string) =>
    (await azrun(t, ['env', '--port', `${port}`, `--format=${format}`], inherited)).stdout
  const variables: Record<string, string | null> = JSON.parse(await printed('json'))
  t.match(variables, { AZRUN_URL: `https://127.0.0.1:${port}`, AZURE_AUTHORITY_HOST: null, MSI_ENDPOINT: null })
  t.equal(readFileSync(variables['NODE_EXTRA_CA_CERTS']!, 'utf8').match(/BEGIN/g)!.length, 1)

  for (const shell of ['sh', 'bash'].filter(each => existsSync(`/bin/${each}`))) {
    const script = `eval "$SCRIPT"\n${process.execPath} -p 'JSON.stringify(process.env)'`
    const env = { PATH: process.env['PATH'], ...inherited, SCRIPT: await printed('sh') }
    const seen = JSON.parse(execFileSync(shell, ['-euc', script], { encoding: 'utf8', env }))
    for (const [name, value] of Object.entries(variables)) t.equal(seen[name] ?? null, value, `${shell}: ${name}`)
  }
  const set = Object.entries(variables).filter(([, value]) => value !== null)
  const blocks = [...(await printed('github')).matchAll(/^(\w+)<<(\w+)\n([^]*?)\n\2\n/gm)]
  t.strictSame(blocks.map(([, name, , value]) => [name, value]), set)
})

t.test('env warns of set variables that GitHub Actions cannot unset', async t => {
  const { port } = running
  const inherited = { AZRUN_DATA_DIR: t.testdir(), MSI_ENDPOINT: 'http://127.0.0.1:1', AZURE_AUTHORITY_HOST: 'https://login.example' }
  const { code, stdout, stderr } = await azrun(t, ['env', '--port', `${port}`, '--format', 'github'], inherited)
  t.equal(code, 0)
  t.notMatch(stdout, /^(?:MSI_ENDPOINT|AZURE_AUTHORITY_HOST)\b/m)
  t.match(stderr, /^azrun: GitHub Actions cannot unset AZURE_AUTHORITY_HOST, which selects another authority .*\n/m)
  t.match(stderr, /^azrun: GitHub Actions cannot unset MSI_ENDPOINT, .*; remove it from the workflow, or .*exec$/m)
  t.equal(stderr.trimEnd().split('\n').length, 2)
  t.equal((await azrun(t, ['env', '--port', `${port}`], inherited)).stderr, '', 'the other formats unset it')
})

t.test('env reports a data directory that cannot be created', {
  skip: existsSync('/proc/self') ? false : 'there is no /proc'
}, async t => {
  const { code, stderr } = await azrun(t, ['env', '--port', `${running.port}`, '--data-dir', '/proc/azrun'])
  t.equal(code, 2)
  t.match(stderr, /^azrun: cannot write the files for clients to \/proc\/azrun\/environment-\S+: ENOENT.*\n$/)
})

t.test('env --unset restores the variables of a shell, and needs no running azrun', async t => {
  const { child, port, ended } = await serving(t, t.testdir())
  const inherited = { JAVA_TOOL_OPTIONS: '-Xmx1g', MINE: 'kept' }
  const set = (await azrun(t, ['env', '--port', `${port}`, '--data-dir', t.testdir()], inherited)).stdout
  child.kill('SIGTERM')
  await ended
  const java = /^export (JAVA_TOOL_OPTIONS)='(.*)'$/m.exec(set)![2]!
  const unset = await azrun(t, ['env', '--unset'], { ...inherited, JAVA_TOOL_OPTIONS: java })
  t.strictSame({ code: unset.code, stderr: unset.stderr }, { code: 0, stderr: '' })
  const seen = execFileSync('sh', ['-euc', `${set}\n${unset.stdout}\nenv`], {
    encoding: 'utf8', env: { PATH: process.env['PATH'], ...inherited }
  })
  const names = [...set.matchAll(/^export (\w+)=/gm)].map(([, name]) => name!)
  t.ok(names.length > 20)
  t.strictSame(names.filter(name => seen.split('\n').some(line => line.startsWith(`${name}=`))), ['JAVA_TOOL_OPTIONS'])
  t.match(seen, /^JAVA_TOOL_OPTIONS=-Xmx1g$/m)
})

t.test('env --unset supports fish, PowerShell and JSON', async t => {
  const printed = async (format: string) => (await azrun(t, ['env', '--unset', '--format', format])).stdout
  t.match(await printed('fish'), /^set -e AZRUN_URL\n(?:set -e \w+\n)+$/)
  t.match(await printed('powershell'), /^\$env:AZRUN_URL = \$null\n(?:\$env:\w+ = \$null\n)+$/)
  const json = JSON.parse(await printed('json'))
  t.equal(json.AZRUN_URL, null)
  t.strictSame(Object.values(json).filter(value => value !== null), [])
})

t.test('env warns on a terminal that the shell reaches only azrun, and says how to undo that', {
  skip: existsSync('/usr/bin/script') ? false : 'script of util-linux, which makes a terminal, is not installed'
}, async t => {
  const command = `'${process.execPath}' dist/cli.js env --port ${running.port} --data-dir '${t.testdir()}'`
  const onTerminal = (line: string, event = '') => execFileSync('script', ['-qec', line, '/dev/null'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, npm_lifecycle_event: event }
  })
  t.equal(onTerminal(`${command} >/dev/null`),
    "azrun: with these variables, a shell reaches only azrun, not even npm's registry; to remove them: eval \"$(azrun env --unset)\"\r\n")
  t.equal(onTerminal(`${command} --format fish >/dev/null`).trim().split('to remove them: ')[1], 'azrun env --unset --format fish | source')
  t.match(onTerminal(`${command} >/dev/null`, 'npx'), 'to remove them: eval "$(npx azrun env --unset)"\r\n', 'the command as it was called')
  t.equal(onTerminal(`${command} --format json >/dev/null`), '')
})

t.test('env says what to do if azrun refuses its login', async t => {
  const clientId = '11111111-1111-4111-8111-111111111111'
  const config = JSON.stringify({ servicePrincipals: [{ clientId, clientSecret: 'a secret' }] })
  const dir = t.testdir({ data: {}, 'config.json': config })
  const dataDir = join(dir, 'data')
  const { port } = await serving(t, dataDir, ['--config', join(dir, 'config.json')])
  const without = await azrun(t, ['env', '--port', `${port}`], { AZRUN_DATA_DIR: dataDir })
  t.strictSame({ code: without.code, stdout: without.stdout }, { code: 1, stdout: 'false\n' })
  t.match(without.stderr, /^azrun: azrun refused the login of \S+: AADSTS\d+: .+; declare one of servicePrincipals /)
  t.match(without.stderr, /^[^\n]+ use the --config of [^\n]+\n$/)
  const given = await azrun(t, ['env', '--port', `${port}`, '--config', join(dir, 'config.json')], { AZRUN_DATA_DIR: dataDir })
  t.match(given.stdout, `export AZURE_CLIENT_ID='${clientId}'\nexport AZURE_CLIENT_SECRET='a secret'\n`)
})

t.test('env exports nothing if no azrun is running, and the shell that evaluates its output fails', async t => {
  const port = await listenOnAnyPort(t, (_request, response) => { response.socket!.destroy() })
  const { code, stdout, stderr } = await azrun(t, ['env', '--port', `${port}`])
  t.equal(code, 1)
  t.throws(() => execFileSync('sh', ['-c', stdout]))
  t.notMatch(stdout, 'AZRUN')
  t.match(stderr, /^azrun: no azrun is running at http:\/\/127\.0\.0\.1:\d+: .+; start it first, or name .+\n$/)
  for (const [format, text] of [['fish', 'false\n'], ['powershell', "throw 'azrun env has failed'\n"], ['json', ''], ['github', '']] as const) {
    t.equal((await azrun(t, ['env', '--port', `${port}`, '--format', format])).stdout, text, format)
  }
})

t.test('env prints a failing command after a usage error', async t => {
  const { code, stdout } = await azrun(t, ['env'], { AZRUN_STRCT: '1' })
  t.strictSame({ code, stdout }, { code: 2, stdout: 'false\n' })
})
