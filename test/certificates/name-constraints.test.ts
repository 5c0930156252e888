import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import t from 'tap'
import { encodeNameConstraints, permits, readNameConstraints } from '../../src/certificates/name-constraints.js'
import { createAuthority } from '../../src/certificates/x509.js'

const names = ['management.azure.com', 'localhost', '127.0.0.0/8', '::1', '10.1.2.3', 'fe80::/10', 'fd00::1:2']

t.test('reads the hosts that a certificate is limited to', async t => {
  // The lengths of these take one, two and three bytes.
  const many = Array.from({ length: 100 }, (_, i) => `host-${i}.test`)
  for (const permitted of [['a.test'], names, many]) {
    t.strictSame(readNameConstraints(new X509Certificate((await createAuthority(permitted)).cert).raw), permitted)
  }
  t.equal(readNameConstraints(new X509Certificate((await createAuthority()).cert).raw), undefined)
})

t.test('OpenSSL reads the same hosts as critical name constraints', async t => {
  const { cert } = await createAuthority(names)
  const shown = execFileSync('openssl', ['x509', '-noout', '-text'], { input: cert, encoding: 'utf8' })
  const lines = /X509v3 Name Constraints: critical\n\s+Permitted:\n((?:\s+(?:DNS|IP):.*\n)+)/.exec(shown)![1]!
  t.strictSame(lines.trim().split(/\n\s*/), [
    'DNS:management.azure.com',
    'DNS:localhost',
    'IP:127.0.0.0/255.0.0.0',
    'IP:0:0:0:0:0:0:0:1/FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF',
    'IP:10.1.2.3/255.255.255.255',
    'IP:FE80:0:0:0:0:0:0:0/FFC0:0:0:0:0:0:0:0',
    'IP:FD00:0:0:0:0:0:1:2/FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF'
  ])
})

t.test('masks the host part of a subnet', async t => {
  t.strictSame(encodeNameConstraints(['10.1.2.3/8']), encodeNameConstraints(['10.0.0.0/8']))
})

t.test('permits a host, its subdomains, and the addresses of a subnet', async t => {
  for (const host of ['management.azure.com', 'x.management.azure.com', 'localhost', '127.9.9.9', '::1', 'febf::1', '10.1.2.3']) {
    t.ok(permits(names, host), host)
  }
  for (const host of ['azure.com', 'xmanagement.azure.com', 'example.com', '128.0.0.1', '::2', '10.1.2.4', 'fec0::1', 'local']) {
    t.notOk(permits(names, host), host)
  }
  t.notOk(permits(['0.0.0.0'], '10.0.0.1'))
  t.notOk(permits(['localhost'], '127.0.0.1'))
})
