import { readFileSync } from 'node:fs'
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
  'azrun.json': '{ "prot": 10900,\n "cert": "not.pem", "key": "not.pem" }',
  'cert.json': '{\n "cert": "not.pem", "key": "no.pem" }',
  fixtures: { 'mine.json': '{ "fixtures": [{ "name": "one", "match": { "commandID": "x" }, "result": {} }] }' },
  'not.pem': 'This is no certificate.',
  taken: { 'signing-key': { 'key.pem': {} } }
})
const file = (...names: string[]) => join(dir, ...names)

/** Wrong values have a table of their own: test/options/wrong-values.test.ts. */
const mistakes: Readonly<Record<string, Mistake>> = {
  'an unknown option': { args: ['--prot', '1'], says: ["'--prot'", 'azrun --help'] },
  'an unknown short option': { args: ['-p', '1'], says: ["'-p'", 'azrun --help'] },
  'an unexpected argument': { args: ['serve', 'now'], says: ["'now'", 'azrun --help'] },
  'a command after the options': { args: ['--port', '0', 'env'], says: ["'env'", 'the command comes first'] },
  'an option without its value': { args: ['--port'], says: ["'--port", 'missing'] },
  'an option whose value begins with a dash': { args: ['--delay', '-5'], says: ["'--delay", '--delay=-'] },
  'a switch with a value': { args: ['--strict=yes'], says: ["'--strict'", 'does not take'] },
  'an unknown command': { args: ['start'], says: ["unknown command 'start'; the commands are serve, exec, env, healthcheck"] },
  'a command that is a property of every object': { args: ['constructor'], says: ["unknown command 'constructor';"] },
  'a config file whose name has two lines': {
    args: ['--config', file('two\nlines.json')],
    says: [`--config ${file('two')} lines.json cannot be read: ENOENT`]
  },
  'a certificate file that does not exist': {
    args: ['--cert', file('no.pem'), '--key', file('no.pem')],
    says: [`--cert ${file('no.pem')} cannot be read: ENOENT`]
  },
  'a key file of a config file that does not exist': {
    args: ['--config', file('cert.json')],
    says: [`${file('cert.json')}:2:28: 'key' ${file('no.pem')} cannot be read: ENOENT`]
  },
  'an invalid certificate of the environment': {
    env: { AZRUN_CERT: file('not.pem'), AZRUN_KEY: file('not.pem') },
    says: [`AZRUN_CERT ${file('not.pem')} and the key ${file('not.pem')} are not a matching certificate and key:`]
  },
  'a data directory that is a file': {
    args: ['--data-dir', file('not.pem')],
    says: [`--data-dir ${file('not.pem')} cannot hold azrun's certificates:`]
  },
  'a data directory of the environment that cannot be created': {
    env: { AZRUN_DATA_DIR: '/proc/azrun/x' },
    says: ["AZRUN_DATA_DIR /proc/azrun/x cannot hold azrun's"]
  },
  'a signing key that is not a file': {
    args: ['--data-dir', file('taken')],
    says: [`--data-dir ${file('taken')} cannot hold azrun's signing key: ${file('taken', 'signing-key', 'key.pem')} is not a file`]
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

t.test('reports every mistake in a line of its own', { buffered: true }, async t => {
  const args = ['--config', file('azrun.json'), '--fixtures', file('fixtures'), '--delay', 'x']
  t.strictSame(await azrun(t, args, { AZRUN_PORT: '70000' }), {
    code: 2,
    stdout: '',
    stderr: [
      `azrun: ${file('azrun.json')}:1:3: 'prot' is not a known property; did you mean 'port'?`,
      'azrun: AZRUN_PORT must be a whole number from 0 to 65535, not 70000',
      'azrun: --delay must be a whole number from 0 to 2147483647, not "x"',
      `azrun: ${file('fixtures', 'mine.json')}:1:44: 'fixtures[0].match.commandID' is not a known property; did you mean 'commandId'?`,
      ''
    ].join('\n')
  })
})

t.test('refuses a key that does not match the certificate', { buffered: true }, async t => {
  const [one, other] = await Promise.all([createAuthority(), createAuthority()])
  const dir = t.testdir({ 'cert.pem': one.cert, 'key.pem': other.key })
  const { code, stderr } = await azrun(t, ['--cert', join(dir, 'cert.pem'), '--key', join(dir, 'key.pem')])
  t.equal(code, 2)
  t.match(stderr, /^azrun: --cert \S+cert\.pem and the key \S+key\.pem are not a matching certificate .*mismatch.*\n$/)
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
