import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { join } from 'node:path'
import t from 'tap'
import { readOwnCertificate } from '../../src/certificates/own-certificate.js'
import { createAuthority } from '../../src/certificates/x509.js'
import { OptionError } from '../../src/core/usage-error.js'

const { cert, key } = await createAuthority()
const other = await createAuthority()
const damaged = (pem: string) => pem.replace(/\n./, '\n!')
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })

const files = {
  'cert.der': new X509Certificate(cert).raw,
  'cert.pem': cert,
  'chain.pem': `A line before it.\n${cert}${other.cert}`,
  'wrong-chain.pem': `${other.cert}${cert}`,
  'damaged-cert.pem': damaged(cert),
  'key.pem': key,
  'sec1.pem': privateKey.export({ type: 'sec1', format: 'pem' }),
  'damaged-key.pem': damaged(key),
  'secret-key.pem': privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' }),
  'old-secret-key.pem': privateKey.export({ type: 'sec1', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' }),
  'text.pem': 'This is no certificate.',
  folder: {}
}

t.test('reads a certificate, or a chain of them, and its key', async t => {
  const dir = t.testdir(files)
  const read = (name: string) => readOwnCertificate(join(dir, name), join(dir, 'key.pem')).pair
  t.strictSame(read('cert.pem'), { cert, key })
  t.match(read('chain.pem').cert, other.cert)
})

const TOGETHER = 'give the two that belong together; in a chain the certificate of the key comes first'
const NOT_PEM = 'but has no such line: name another file, or convert one in DER with openssl'

/** The messages for pairs of certificate and key, from the option's name on. DIR is their directory. */
const cases: readonly (readonly [certificate: string, key: string, message: string])[] = [
  ['no.pem', 'key.pem', "'cert' DIR/no.pem does not exist: check the path"],
  ['cert.pem', 'no.pem', "'key' DIR/no.pem does not exist: check the path"],
  ['folder', 'key.pem', "'cert' DIR/folder must be a file, not a directory: check the path"],
  ['cert.der', 'key.pem', `'cert' DIR/cert.der must be in PEM, with a line -----BEGIN CERTIFICATE-----, ${NOT_PEM} x509 -inform der`],
  ['cert.pem', 'text.pem', `'key' DIR/text.pem must be in PEM, with a line -----BEGIN PRIVATE KEY-----, ${NOT_PEM} pkey -inform der`],
  ['key.pem', 'cert.pem', "'cert' DIR/key.pem must be in PEM, with a line -----BEGIN CERTIFICATE-----, not -----BEGIN PRIVATE KEY-----: name another file"],
  ['cert.pem', 'cert.pem', "'key' DIR/cert.pem must be in PEM, with a line -----BEGIN PRIVATE KEY-----, not -----BEGIN CERTIFICATE-----: name another file"],
  ['damaged-cert.pem', 'key.pem', "'cert' DIR/damaged-cert.pem has a certificate that is damaged: copy or create it again"],
  ['cert.pem', 'damaged-key.pem', "'key' DIR/damaged-key.pem has a key that is damaged: copy or create it again"],
  ['cert.pem', 'secret-key.pem', "'key' DIR/secret-key.pem must not have a passphrase: remove it with openssl pkey"],
  ['cert.pem', 'old-secret-key.pem', "'key' DIR/old-secret-key.pem must not have a passphrase: remove it with openssl pkey"],
  ['cert.pem', 'sec1.pem', `'cert' DIR/cert.pem is not the certificate of the key DIR/sec1.pem: ${TOGETHER}`],
  ['wrong-chain.pem', 'key.pem', `'cert' DIR/wrong-chain.pem is not the certificate of the key DIR/key.pem: ${TOGETHER}`]
]

for (const [certificate, key, message] of cases) {
  t.test(`reports what is wrong with the certificate ${certificate} and the key ${key}`, async t => {
    const dir = t.testdir(files)
    try {
      readOwnCertificate(join(dir, certificate), join(dir, key))
      t.fail('nothing was thrown')
    } catch (error) {
      t.ok(error instanceof OptionError)
      t.equal((error as OptionError).message.replaceAll(dir, 'DIR'), `option ${message}`)
    }
  })
}
