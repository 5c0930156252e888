import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { createAuthority } from '../src/certificates/x509.js'
import { azrun } from './harness/azrun.js'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

interface Mistake {
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Parts of the line. */
  readonly parts: readonly string[]
}

const dir = t.testdir({
  'azrun.json': '{ "prot": 10900,\n "cert": "not.pem", "key": "not.pem" }',
  'cert.json': '{\n "cert": "good.pem", "key": "no.pem" }',
  'good.pem': (await createAuthority()).cert,
  fixtures: { 'mine.json': '{ "fixtures": [{ "name": "one", "match": { "commandID": "x" }, "result": {} }] }' },
  'not.pem': 'This is no certificate.',
  'report.json': {},
  taken: { 'signing-key': { 'key.pem': {} } }
})
const file = (...names: string[]) => join(dir, ...names)

/** Wrong arguments and wrong values are in commands/usage.test.ts and options/wrong-values.test.ts. */
const mistakes: Readonly<Record<string, Mistake>> = {
  'a config file whose name has two lines': {
    args: ['--config', file('two\nlines.json')],
    parts: [`--config ${file('two')} lines.json does not exist`]
  },
  'a certificate file that does not exist': {
    args: ['--cert', file('no.pem'), '--key', file('no.pem')],
    parts: [`--cert ${file('no.pem')} does not exist: check the path`]
  },
  'a config file that is a directory': {
    args: ['--config', file('fixtures')],
    parts: [`--config ${file('fixtures')} must be a file, not a directory: check the path`]
  },
  'a certificate file that is not PEM': {
    args: ['--cert', file('not.pem'), '--key', file('not.pem')],
    parts: [`--cert ${file('not.pem')} must be in PEM, with a line -----BEGIN CERTIFICATE-----, but has no such line: name another file`]
  },
  'a report that is a directory': {
    args: ['--report', file('report.json')],
    parts: [`--report ${file('report.json')} must be a file, not a directory: check the path`]
  },
  'a ready file that is a directory': {
    args: ['--ready-file', file('fixtures')],
    parts: [`--ready-file ${file('fixtures')} must be a file, not a directory: check the path`]
  },
  'a key file that does not exist, in a config file': {
    args: ['--config', file('cert.json')],
    parts: [`${file('cert.json')}:2:29: 'key' ${file('no.pem')} does not exist`]
  },
  'an invalid certificate from the environment': {
    env: { AZRUN_CERT: file('not.pem'), AZRUN_KEY: file('not.pem') },
    parts: [`AZRUN_CERT ${file('not.pem')} must be in PEM, with a line -----BEGIN CERTIFICATE-----, but has no such line`]
  },
  'a data directory that is a file': {
    args: ['--data-dir', file('not.pem')],
    parts: [`--data-dir ${file('not.pem')} cannot hold azrun's certificates: ${file('not.pem')} is a file, not a directory; give --data-dir`]
  },
  'a data directory from the environment that cannot be created': {
    env: { AZRUN_DATA_DIR: '/proc/azrun/x' },
    parts: ["AZRUN_DATA_DIR /proc/azrun/x cannot hold azrun's"]
  },
  'a signing key that is not a file': {
    args: ['--data-dir', file('taken')],
    parts: [`--data-dir ${file('taken')} cannot hold azrun's signing key: ${file('taken', 'signing-key', 'key.pem')} is not a file`]
  }
}

t.jobs = 4

for (const [what, { args = [], env = {}, parts }] of Object.entries(mistakes)) {
  t.test(`refuses ${what} in one line, with exit code 2`, { buffered: true }, async t => {
    const { code, stdout, stderr } = await azrun(t, args, { AZRUN_DATA_DIR: t.testdir(), ...env })
    t.equal(code, 2)
    t.equal(stdout, '')
    t.match(stderr, /^azrun: .+\n$/, 'one line')
    for (const part of parts) t.ok(stderr.includes(part), `${stderr}: ${part}`)
  })
}

t.test('reports each mistake in its own line', { buffered: true }, async t => {
  const args = ['--config', file('azrun.json'), '--fixtures', file('fixtures'), '--delay', 'x', '--prot', '1']
  t.strictSame(await azrun(t, args, { AZRUN_PORT: '70000', AZRUN_STRCT: '1' }), {
    code: 2,
    stdout: '',
    stderr: [
      `azrun: ${file('azrun.json')}:1:3: 'prot' is not a known property; did you mean 'port'?`,
      'azrun: AZRUN_PORT must be a whole number from 0 to 65535, not 70000',
      "azrun: unknown option '--prot'; did you mean '--port'?",
      'azrun: unknown variable AZRUN_STRCT; did you mean AZRUN_STRICT?',
      'azrun: --delay must be a whole number from 0 to 2147483647, not "x"',
      `azrun: ${file('azrun.json')}:2:10: 'cert' ${file('not.pem')} must be in PEM, with a line -----BEGIN CERTIFICATE-----, ` +
        'but has no such line: name another file, or convert one in DER with openssl x509 -inform der',
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
  t.match(stderr, /^azrun: --cert \S+cert\.pem is not the certificate of the key \S+key\.pem: give .+\n$/)
})

t.test('prints its version with --version and -V', { buffered: true }, async t => {
  for (const flag of ['--version', '-V']) {
    t.strictSame(await azrun(t, [flag], { AZRUN_PROT: '1' }), { code: 0, stdout: `${version}\n`, stderr: '' })
  }
})

t.test('prints its help on stdout and exits with 0', { buffered: true }, async t => {
  const { code, stdout, stderr } = await azrun(t, ['--help'], { AZRUN_PROT: '1' })
  t.strictSame({ code, stderr }, { code: 0, stderr: '' })
  t.match(stdout, /^Usage: azrun \[COMMAND\] \[options\]\n/)
})
