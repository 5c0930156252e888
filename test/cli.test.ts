import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { createAuthority } from '../src/listener/x509.js'
import { azrun } from './harness/azrun.js'

const { properties } = JSON.parse(readFileSync(new URL('../openapi/config.schema.json', import.meta.url), 'utf8'))
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

interface Mistake {
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** What the line must say: what is wrong, the rule and the value. */
  readonly says: readonly string[]
}

const dir = t.testdir({
  'typo.json': '{ "prot": 10900 }',
  'comma.json': '{\n  "port": 1,\n}\n',
  typo: { 'mine.json': '{ "fixtures": [{ "name": "one", "match": { "commandID": "x" }, "result": {} }] }' },
  both: { 'mine.json': '{ "fixtures": [{ "name": "one", "result": {}, "error": { "code": "a", "message": "b" } }] }' },
  code: { 'mine.json': '{ "fixtures": [{ "name": "one", "result": { "exitCode": 256 } }] }' },
  comma: { 'mine.json': '{ "fixtures": [],\n }' },
  'not.pem': 'This is no certificate.',
  taken: { 'signing-key': { 'key.pem': {} } }
})
const file = (...names: string[]) => join(dir, ...names)

const mistakes: Readonly<Record<string, Mistake>> = {
  'an unknown option': { args: ['--prot', '1'], says: ["'--prot'", 'azrun --help'] },
  'an unknown command': { args: ['start'], says: ["unknown command 'start'; the commands are serve, exec, env, healthcheck"] },
  'a command that is a property of every object': { args: ['constructor'], says: ["unknown command 'constructor';"] },
  'text instead of a number': { args: ['--port', 'http'], says: ['--port must be a whole number, not "http"'] },
  'an invalid switch in the environment': { env: { AZRUN_STRICT: 'on' }, says: ['AZRUN_STRICT must be true or false, not "on"'] },
  'a config file that does not exist': { args: ['--config', file('no.json')], says: [`--config ${file('no.json')} cannot be read: ENOENT`] },
  'a config that is not JSON': { args: ['--config', file('comma.json')], says: [`--config ${file('comma.json')} cannot be read:`] },
  'a config whose name has two lines': {
    args: ['--config', file('two\nlines.json')],
    says: [`--config ${file('two')} lines.json cannot be read: ENOENT`]
  },
  'a config with a typo': {
    args: ['--config', file('typo.json')],
    says: [`${file('typo.json')}: 'prot' is not a known property; expected one of host, port,`]
  },
  'fixtures that the executor does not use': {
    args: ['--fixtures', 'mine', '--executor', 'shell'],
    says: ['--fixtures mine is given with --executor shell']
  },
  'fixtures that do not exist': { args: ['--fixtures', file('no')], says: [`--fixtures ${file('no')} cannot be read: ENOENT`] },
  'fixtures that are not a directory': { args: ['--fixtures', file('typo.json')], says: [`--fixtures ${file('typo.json')} cannot be read: ENOTDIR`] },
  'fixtures that are not JSON': { args: ['--fixtures', file('comma')], says: [`${file('comma', 'mine.json')} is not a fixture file:`] },
  'fixtures with a typo': {
    args: ['--fixtures', file('typo')],
    says: [`${file('typo', 'mine.json')}: 'fixtures/0/match/commandID' is not a known property; expected one of commandId, vmName,`]
  },
  'fixtures with a result and an error': {
    args: ['--fixtures', file('both')],
    says: [`${file('both', 'mine.json')}: 'fixtures/0' must have either 'result' or 'error'`]
  },
  'fixtures with an invalid value': {
    args: ['--fixtures', file('code')],
    says: [`${file('code', 'mine.json')}: 'fixtures/0/result/exitCode' must be at most 255, not 256`]
  },
  'a port that is too large': {
    args: ['--port', '0', '--allow-host', 'example.com:99999'],
    says: ['--allow-host example.com:99999 must be HOST or HOST:PORT, with a port from 1 to 65535']
  },
  'port 0 of an allowed host': { args: ['--port', '0', '--allow-host', 'example.com:0'], says: ['--allow-host example.com:0 must be'] },
  'a URL instead of a host': { args: ['--allow-host', 'http://example.com'], says: ['--allow-host/0', 'a host, or a host and a port'] },
  'a certificate without its key': { args: ['--cert', 'c.pem'], says: ['--cert c.pem is given without --key'] },
  'a certificate file that does not exist': {
    args: ['--cert', file('no.pem'), '--key', file('no.pem')],
    says: [`--cert ${file('no.pem')} cannot be read: ENOENT`]
  },
  'a key file that does not exist': {
    args: ['--cert', file('not.pem'), '--key', file('no.pem')],
    says: [`--key ${file('no.pem')} cannot be read: ENOENT`]
  },
  'an invalid certificate': {
    args: ['--cert', file('not.pem'), '--key', file('not.pem')],
    says: [`--cert ${file('not.pem')} and --key ${file('not.pem')} are not a matching certificate and key:`]
  },
  'a data directory that is a file': {
    args: ['--data-dir', file('not.pem')],
    says: [`--data-dir ${file('not.pem')} cannot hold azrun's certificates:`]
  },
  'a data directory that cannot be created': {
    args: ['--data-dir', '/proc/azrun/x'],
    says: ["--data-dir /proc/azrun/x cannot hold azrun's"]
  },
  'a signing key that is not a file': {
    args: ['--data-dir', file('taken')],
    says: [`--data-dir ${file('taken')} cannot hold azrun's signing key: ${file('taken', 'signing-key', 'key.pem')} is not a file`]
  },
  'scripts from other machines': {
    args: ['--executor', 'shell', '--host', '0.0.0.0'],
    says: ['--executor shell on --host 0.0.0.0', '--allow-remote-execution']
  }
}

t.jobs = 4

for (const [what, { args = [], env = {}, says }] of Object.entries(mistakes)) {
  t.test(`refuses ${what} in one line, with exit code 2`, { buffered: true }, async t => {
    const { code, stdout, stderr } = await azrun(t, args, { AZRUN_DATA_DIR: t.testdir(), ...env })
    t.equal(code, 2)
    t.equal(stdout, '')
    t.match(stderr, /^azrun: .+\n$/, 'one line')
    for (const part of says) t.ok(stderr.includes(part), `${stderr}: ${part}`)
  })
}

t.test('refuses a key that does not match the certificate', { buffered: true }, async t => {
  const [one, other] = await Promise.all([createAuthority(), createAuthority()])
  const dir = t.testdir({ 'cert.pem': one.cert, 'key.pem': other.key })
  const { code, stderr } = await azrun(t, ['--cert', join(dir, 'cert.pem'), '--key', join(dir, 'key.pem')])
  t.equal(code, 2)
  t.match(stderr, /^azrun: --cert \S+cert\.pem and --key \S+key\.pem are not a matching certificate .*mismatch.*\n$/)
})

t.test('shortens a wrong value to fit one line', { buffered: true }, async t => {
  const config = join(t.testdir(), 'long.json')
  writeFileSync(config, JSON.stringify({ host: Array(10_000).fill('x\n') }))
  const { code, stderr } = await azrun(t, ['--config', config])
  t.equal(code, 2)
  t.match(stderr, /^azrun: .+long\.json: 'host' must be text, not \["x\\n",.+\.\.\.\n$/)
  t.ok(stderr.length < 500)
})

t.test('lists every option with --help, whatever else is given', { buffered: true }, async t => {
  const { code, stdout, stderr } = await azrun(t, ['env', '--prot', '--help'])
  t.equal(code, 0)
  t.equal(stderr, '')
  for (const [name, { type, description, enum: values }] of Object.entries<Record<string, string>>(properties)) {
    if (name === '$schema' || type === 'array') continue
    const flag = name.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
    t.match(stdout, new RegExp(`^  --${flag} `, 'm'))
    t.ok(stdout.includes(`${description}`), name)
    if (Array.isArray(values)) t.ok(stdout.includes(`--${flag} ${values.join('|')}`), flag)
  }
  for (const each of ['--config FILE', '--help', '--version', 'azrun exec', 'azrun env', 'azrun healthcheck', 'AZRUN_']) {
    t.ok(stdout.includes(each), each)
  }
})

t.test('prints its version with --version', { buffered: true }, async t => {
  t.strictSame(await azrun(t, ['--version']), { code: 0, stdout: `${version}\n`, stderr: '' })
})
