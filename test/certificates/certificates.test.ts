import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import {
  chmodSync, chownSync, existsSync, mkdirSync, promises, readdirSync, readFileSync, rmSync, statSync, writeFileSync
} from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { get } from 'node:https'
import { syncBuiltinESMExports } from 'node:module'
import { isIP } from 'node:net'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { connect, type PeerCertificate } from 'node:tls'
import t from 'tap'
import { certificatesFor, type CertificateOptions } from '../../src/certificates/certificates.js'
import { readNameConstraints } from '../../src/certificates/name-constraints.js'
import { createAuthority, createLeaf } from '../../src/certificates/x509.js'
import { emulatedHosts } from '../../src/core/clouds.js'
import { startEmulator, UsageError } from '../../src/index.js'
import { start } from '../harness/emulator.js'
import { matchList } from '../harness/match-list.js'
import { collectWarnings, noWarning } from '../harness/warnings.js'

/** Names that a client may use for this machine. */
const names = ['localhost', '127.0.0.1', '::1', hostname()]

t.test('creates no leaf before a client needs it', async t => {
  const dataDir = t.testdir()
  const { leafFor } = await certificatesFor({ dataDir }, names, noWarning)
  const leaves = () => readdirSync(dataDir).filter(name => name.startsWith('leaf-'))
  t.strictSame(leaves(), [])
  t.strictSame(await leafFor(), await leafFor())
  t.equal(leaves().length, 1)
})

t.test('stores the CA and its leaf so that only the user can read them', async t => {
  const dataDir = join(t.testdir(), 'new')
  await withLeaf({ dataDir }, names, noWarning)
  const entries = readdirSync(dataDir)
  matchList(t, entries, ['ca', /^ca-[0-9a-f]{16}\.pem$/, /^leaf-[0-9a-f]{16}$/], 'no temporary directory is left')
  const directories = entries.filter(name => !name.endsWith('.pem'))
  for (const directory of ['.', ...directories]) t.equal(modeOf(dataDir, directory), 0o700, directory)
  for (const directory of directories) t.equal(modeOf(dataDir, directory, 'key.pem'), 0o600, directory)
})

t.test('creates a CA that may only sign leaves, and a leaf that names it as the issuer', async t => {
  const { cert, ca } = await withLeaf({ dataDir: t.testdir() }, names, noWarning)
  const authority = new X509Certificate(ca)
  const leaf = new X509Certificate(cert)
  for (const each of [authority, leaf]) t.match(each.publicKey.asymmetricKeyDetails, { namedCurve: 'prime256v1' })
  t.equal(authority.ca, true)
  t.equal(leaf.ca, false)
  t.ok(leaf.checkIssued(authority))
  t.ok(leaf.verify(authority.publicKey))
  const day = 24 * 60 * 60 * 1000
  t.ok(Date.parse(leaf.validTo) - Date.parse(leaf.validFrom) <= 398 * day, 'short enough for every client')
  t.ok(Date.parse(leaf.validFrom) < Date.now() - day / 2, 'valid for clients whose clock is behind')
  t.strictSame(leaf.keyUsage, ['1.3.6.1.5.5.7.3.1'], 'server authentication')
  // RFC 5280, 4.2.1.1 and 4.2.1.2: Python 3.13 and others refuse a chain without the key identifiers.
  t.ok(has(leaf, authorityKeyIdentifier) && has(leaf, subjectKeyIdentifier) && has(authority, subjectKeyIdentifier))
  t.ok(has(leaf, basicConstraints) && has(authority, basicConstraints))
})

t.test('clients trust azrun under each of its names and no other', async t => {
  const { port, caFile } = await start(t, { host: '127.0.0.2' })
  const ca = readFileSync(caFile)
  for (const servername of [...names, '127.0.0.2']) {
    const socket = connect({ host: '127.0.0.2', port, ca, checkServerIdentity: identityOf(servername) })
    await once(socket, 'secureConnect')
    t.ok(socket.authorized, servername)
    socket.destroy()
  }
  const stranger = connect({ host: '127.0.0.2', port, ca, checkServerIdentity: identityOf('example.com') })
  const [error] = await once(stranger, 'error')
  t.match(error, { message: 'the certificate is not for example.com' })
})

t.test('the leaf covers the host that azrun listens on, but no wildcard address', async t => {
  const { cert } = await withLeaf({ dataDir: t.testdir() }, ['emulator.test', '0.0.0.0', '::'], noWarning)
  t.equal(new X509Certificate(cert).subjectAltName,
    'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, DNS:emulator.test')
})

t.test('keeps the CA between starts, and a leaf for each set of names', async t => {
  const dataDir = t.testdir()
  const make = async (name: string) => {
    const { leafFor, ...made } = await withLeaf({ dataDir }, [name], noWarning)
    return { made, azure: await leafFor('management.azure.com') }
  }
  const first = await make('localhost')
  t.strictSame(await make('localhost'), first)
  const second = await make('127.0.0.2')
  t.equal(second.made.ca, first.made.ca)
  t.not(second.made.cert, first.made.cert)
  t.strictSame(second.azure, first.azure)
  t.strictSame(await make('localhost'), first)
})

t.test('rejects with the reason for which no CA may be created, and stores none', async t => {
  const dataDir = t.testdir()
  const reason = new Error('the port is in use')
  await t.rejects(certificatesFor({ dataDir, beforeCreating: () => Promise.reject(reason) }, [], noWarning), reason)
  t.equal(existsSync(`${dataDir}/ca`), false)
  t.match(await certificatesFor({ dataDir }, [], noWarning), { ca: /BEGIN CERTIFICATE/ })
})

t.test('creates a leaf for another host that is valid only for that host', async t => {
  const { ca, leafFor } = await withLeaf({ dataDir: t.testdir() }, ['one.test'], noWarning)
  const leaf = new X509Certificate((await leafFor('management.azure.com')).cert)
  t.ok(leaf.checkIssued(new X509Certificate(ca)))
  t.equal(leaf.subjectAltName, 'DNS:management.azure.com')
})

t.test('serves a leaf even if it cannot store it', async t => {
  const dataDir = join(t.testdir(), 'data')
  const { ca, leafFor } = await withLeaf({ dataDir }, [], noWarning)
  rmSync(dataDir, { recursive: true })
  const leaf = new X509Certificate((await leafFor('management.azure.com')).cert)
  t.ok(leaf.checkIssued(new X509Certificate(ca)))
  t.notOk(existsSync(dataDir))
})

t.test('creates one CA if eight emulators start at the same time', async t => {
  const dataDir = t.testdir()
  const emulators = await Promise.all(Array.from({ length: 8 }, () => startEmulator({ dataDir })))
  t.teardown(() => Promise.all(emulators.map(each => each.close())))
  const ca = readFileSync(join(dataDir, 'ca', 'cert.pem'), 'utf8')
  for (const { url } of emulators) t.equal(await fetchText(`${url}/_emulator/ca.pem`, ca), ca)
  t.equal(readdirSync(dataDir).length, 4, 'no temporary directory is left')
})

t.test('creates one CA if four processes start at the same time', async t => {
  const dataDir = t.testdir()
  const module = new URL('../../dist/certificates/certificates.js', import.meta.url)
  const script = `import { certificatesFor } from '${module}'
    const { ca, leafFor } = await certificatesFor({ dataDir: process.argv[1] }, [], () => {})
    await leafFor()
    process.stdout.write(ca)`
  const outputs = await Promise.all(Array.from({ length: 4 }, () => outputOf(script, dataDir)))
  t.strictSame([...new Set(outputs)], [readFileSync(join(dataDir, 'ca', 'cert.pem'), 'utf8')])
  t.equal(readdirSync(dataDir).length, 3, 'no temporary directory is left')
})

t.test('replaces a leaf that expires within a month, even if eight callers need it at the same time', async t => {
  const dataDir = t.testdir()
  const fresh = await withLeaf({ dataDir }, [], noWarning)
  const directory = join(dataDir, readdirSync(dataDir).find(name => name.startsWith('leaf-'))!)
  const ca = { cert: fresh.ca, key: readFileSync(join(dataDir, 'ca', 'key.pem'), 'utf8') }
  const now = Date.now()
  const expiring = await createLeaf(ca, ['localhost'], daysAgo(397 - 29))
  write(directory, expiring)
  const found = await Promise.all(Array.from({ length: 8 }, () => withLeaf({ dataDir }, [], noWarning)))
  for (const each of found) {
    t.equal(each.ca, fresh.ca)
    t.ok(new X509Certificate(each.cert).verify(new X509Certificate(fresh.ca).publicKey))
    t.ok(Date.parse(new X509Certificate(each.cert).validTo) > now + 390 * 24 * 60 * 60 * 1000)
  }
  t.equal(readdirSync(dataDir).length, 3, 'no temporary directory is left')
})

t.test('replaces a CA that expires within a month, and its leaf', async t => {
  const dataDir = t.testdir()
  write(join(dataDir, 'ca'), await createAuthority(['localhost'], daysAgo(730 - 29)))
  const { warnings, warn } = collectWarnings()
  const { ca, cert, caFile } = await withLeaf({ dataDir }, [], warn)
  const day = 24 * 60 * 60 * 1000
  const end = Date.parse(new X509Certificate(ca).validTo)
  t.ok(end > Date.now() + 720 * day && end < Date.now() + 731 * day, 'two years')
  t.ok(new X509Certificate(cert).checkIssued(new X509Certificate(ca)))
  t.equal(readFileSync(caFile, 'utf8'), ca)
  t.strictSame(warnings, [replaced(dataDir, 'was about to expire')])
})

t.test('returns a file with the CA in use, even after another azrun has replaced the CA', async t => {
  const dataDir = t.testdir()
  const { warn } = collectWarnings()
  const one = await withLeaf({ dataDir }, [], warn)
  t.equal(dirname(one.caFile), dataDir)
  t.equal((await withLeaf({ dataDir }, [], warn)).caFile, one.caFile, 'the next azrun has the same file')
  const other = await withLeaf({ dataDir }, ['emulator.test'], warn)
  t.not(other.ca, one.ca)
  t.strictSame([readFileSync(one.caFile, 'utf8'), readFileSync(other.caFile, 'utf8')], [one.ca, other.ca])
  writeFileSync(other.caFile, 'damaged')
  const mended = await withLeaf({ dataDir }, ['emulator.test'], warn)
  t.strictSame([mended.caFile, readFileSync(mended.caFile, 'utf8')], [other.caFile, other.ca])
  rmSync(other.caFile)
  mkdirSync(other.caFile)
  t.equal((await withLeaf({ dataDir }, ['emulator.test'], warn)).caFile, join(dataDir, 'ca/cert.pem'), 'the file cannot be written')
})

t.test('a leaf does not expire after its CA', async t => {
  const authority = await createAuthority(['localhost'], daysAgo(500))
  const leaf = new X509Certificate((await createLeaf(authority, ['localhost'])).cert)
  t.equal(leaf.validTo, new X509Certificate(authority.cert).validTo)
})

t.test('replaces a broken CA and warns that clients must trust the new one', async t => {
  const good = await createAuthority()
  const broken = {
    'was damaged': [{ cert: 'PEM', key: good.key }, { cert: good.cert, key: '' }],
    'did not match its key': [{ cert: good.cert, key: (await createAuthority()).key }],
    'was not limited to the hosts that azrun uses it for': [good]
  }
  for (const [why, pairs] of Object.entries(broken)) {
    for (const pair of pairs) {
      const dataDir = join(t.testdir(), 'data')
      write(join(dataDir, 'ca'), pair)
      const { warnings, warn } = collectWarnings()
      const { ca, cert } = await withLeaf({ dataDir }, [], warn)
      t.ok(new X509Certificate(cert).verify(new X509Certificate(ca).publicKey), why)
      t.equal(readFileSync(join(dataDir, 'ca', 'cert.pem'), 'utf8'), ca, why)
      t.strictSame(warnings, [replaced(dataDir, why)])
      t.equal((await withLeaf({ dataDir }, [], () => t.fail('it is replaced again'))).ca, ca)
    }
  }
})

t.test('limits the CA to the hosts that azrun emulates, loopback and its own names', async t => {
  const { ca } = await withLeaf({ dataDir: t.testdir() }, ['emulator.test', '10.0.0.5', '0.0.0.0', 'not a name'], noWarning)
  const permitted = readNameConstraints(new X509Certificate(ca).raw)!
  t.strictSame(new Set(permitted), new Set([...emulatedHosts, 'localhost', '127.0.0.0/8', '::1', 'emulator.test', '10.0.0.5']))
})

t.test('clients trust the CA for those hosts only', async t => {
  const dir = t.testdir()
  const { ca, caFile, leafFor } = await withLeaf({ dataDir: dir }, ['emulator.test', '10.0.0.5'], noWarning)
  const key = readFileSync(join(dir, 'ca', 'key.pem'), 'utf8')
  const names = ['localhost', '127.0.0.1', '127.9.9.9', '::1', 'emulator.test', '10.0.0.5', ...emulatedHosts]
  const leaves = await Promise.all(names.map(async name => (await leafFor(name)).cert))
  t.strictSame(verified(caFile, leaves), names.map(() => 'OK'), names.join())
  for (const name of ['example.com', 'azure.com', '10.0.0.6', '::2']) {
    const [result] = verified(caFile, [(await createLeaf({ cert: ca, key }, [name])).cert])
    t.match(result, 'permitted subtree violation', name)
  }
})

t.test('creates a new CA for a name that the old one does not permit; the new one permits the names of both', async t => {
  const dataDir = t.testdir()
  const first = await withLeaf({ dataDir }, ['one.test'], noWarning)
  const { warnings, warn: collected } = collectWarnings()
  const second = await withLeaf({ dataDir }, ['two.test'], collected)
  t.not(second.ca, first.ca)
  t.strictSame(warnings, [replaced(dataDir, 'did not permit two.test')])
  for (const name of ['one.test', 'two.test', 'below.one.test', '127.0.0.2']) {
    t.equal((await withLeaf({ dataDir }, [name], noWarning)).ca, second.ca, name)
  }
})

t.test('keeps the CA if the machine has a new name, as a container does, and leaves that name out of the leaf', async t => {
  const dataDir = t.testdir()
  const make = async (machineName: string, hosts: readonly string[] = []) => {
    const { ca, cert } = await withLeaf({ dataDir, machineName }, hosts, noWarning)
    return { ca, named: new X509Certificate(cert).subjectAltName!.split(', ').slice(3) }
  }
  const first = await make('b1946ac92492')
  t.strictSame(first.named, ['DNS:b1946ac92492'])
  t.strictSame(await make('591785b794601'), { ca: first.ca, named: [] })
  t.strictSame(await make('b1946ac92492'), first)
})

t.test('does not replace or create a CA if azrun cannot listen on the host', async t => {
  const dir = t.testdir({ empty: {}, used: {} })
  const dataDir = join(dir, 'used')
  const { ca } = await withLeaf({ dataDir }, ['one.test'], noWarning)
  // 192.0.2.0/24 is reserved for documentation (RFC 5737): no machine has it.
  for (const directory of [dataDir, join(dir, 'empty')]) {
    await t.rejects(startEmulator({ host: '192.0.2.1', dataDir: directory }), { code: 'EADDRNOTAVAIL' })
  }
  t.equal(readFileSync(join(dataDir, 'ca', 'cert.pem'), 'utf8'), ca)
  t.strictSame(readdirSync(join(dir, 'empty')).filter(name => name !== 'signing-key'), [])
})

t.test('a new CA permits the names of the last 20 starts', async t => {
  const dataDir = t.testdir()
  for (let i = 0; i < 25; i++) await certificatesFor({ dataDir }, [`host-${i}`], () => {})
  const kept = readNameConstraints(new X509Certificate(readFileSync(join(dataDir, 'ca', 'cert.pem'))).raw)!
  t.strictSame(kept.filter(name => name.startsWith('host-')), Array.from({ length: 21 }, (_, i) => `host-${24 - i}`))
})

t.test('replaces a CA whose key every user could read, and makes a key private that its group could read', {
  skip: process.getuid === undefined && 'there are no modes'
}, async t => {
  const dataDir = t.testdir()
  const key = join(dataDir, 'ca', 'key.pem')
  const first = await withLeaf({ dataDir }, [], noWarning)
  const { warnings, warn: collected } = collectWarnings()
  chmodSync(key, 0o660)
  t.equal((await withLeaf({ dataDir }, [], collected)).ca, first.ca)
  t.equal(modeOf(key), 0o600)
  chmodSync(key, 0o604)
  t.not((await withLeaf({ dataDir }, [], collected)).ca, first.ca)
  t.equal(modeOf(key), 0o600)
  t.strictSame(warnings, [
    `${key} was open to its group (mode 0660); azrun has made it private, with mode 0600`,
    replaced(dataDir, 'could be read or written by every user of this machine (mode 0604)')
  ])
})

t.test('refuses a CA of another user', { skip: process.getuid?.() !== 0 && 'only root may give files away' }, async t => {
  const dataDir = t.testdir()
  await withLeaf({ dataDir }, [], noWarning)
  const key = join(dataDir, 'ca', 'key.pem')
  chownSync(key, 12345, 12345)
  await t.rejects(withLeaf({ dataDir }, [], noWarning), {
    name: 'UsageError',
    message: `option 'dataDir' ${dataDir} cannot hold azrun's certificates: ${key} belongs to another user (uid 12345): ` +
      'remove it, or choose another directory'
  })
})

t.test('reports a CA key that is not a file, and replaces such a key of a leaf', async t => {
  const dataDir = t.testdir()
  await withLeaf({ dataDir }, [], noWarning)
  const leafKey = join(dataDir, readdirSync(dataDir).find(name => name.startsWith('leaf-'))!, 'key.pem')
  rmSync(leafKey)
  mkdirSync(leafKey)
  await withLeaf({ dataDir }, [], noWarning)
  t.ok(statSync(leafKey).isFile())
  const caKey = join(dataDir, 'ca', 'key.pem')
  rmSync(caKey)
  execFileSync('mkfifo', [caKey])
  const message = `option 'dataDir' ${dataDir} cannot hold azrun's certificates: ${caKey} is not a file: remove it`
  await t.rejects(withLeaf({ dataDir }, [], noWarning), { name: 'UsageError', message })
})

t.test('serves a given certificate and creates none', async t => {
  const { cert, key } = await createLeaf(await createAuthority(), ['localhost'])
  const dir = t.testdir({ 'cert.pem': cert, 'key.pem': key, data: {} })
  const files = { cert: join(dir, 'cert.pem'), key: join(dir, 'key.pem') }
  const emulator = await startEmulator({ ...files, dataDir: join(dir, 'data') })
  t.teardown(() => emulator.close())
  const { port, httpUrl, caFile } = emulator
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  t.equal(socket.getPeerX509Certificate()?.toString(), new X509Certificate(cert).toString())
  socket.destroy()
  t.equal(caFile, files.cert)
  t.equal(await (await fetch(`${httpUrl}/_emulator/ca.pem`)).text(), cert)
  t.strictSame(readdirSync(join(dir, 'data')), ['signing-key'])
})

t.test('does not wait for a pipe in the place of a certificate',
  { skip: process.platform === 'win32' && 'there are no named pipes in directories' }, async t => {
    const dataDir = t.testdir({})
    const { caFile } = await withLeaf({ dataDir }, [], noWarning)
    const place = (file: string) => {
      rmSync(file)
      execFileSync('mkfifo', [file])
    }
    place(caFile)
    t.equal((await withLeaf({ dataDir }, [], noWarning)).caFile, caFile)
    t.ok(statSync(caFile).isFile())
    const cert = join(dataDir, 'ca', 'cert.pem')
    place(cert)
    await t.rejects(withLeaf({ dataDir }, [], noWarning), { message: new RegExp(`certificates: ${cert} is not a file: remove it$`) })
    rmSync(cert)
    mkdirSync(cert)
    await t.rejects(withLeaf({ dataDir }, [], noWarning), { message: new RegExp(`certificates: ${cert} is not a file: remove it$`) })
  })

t.test('reports an unusable data directory and leaves no temporary directory there', async t => {
  const dir = t.testdir({ file: '', taken: { ca: 'a file' } })
  for (const name of ['file', 'taken']) {
    const made = withLeaf({ dataDir: join(dir, name) }, [], noWarning)
    const error: unknown = await made.catch((error: unknown) => error)
    t.ok(error instanceof UsageError)
    t.ok(`${error}`.includes(`option 'dataDir' ${join(dir, name)} cannot hold azrun's certificates`))
  }
  t.strictSame(readdirSync(join(dir, 'taken')), ['ca'])
})

t.test('says that the disk of the data directory is full', async t => {
  const { writeFile } = promises
  const setWrite = (change: typeof writeFile) => {
    promises.writeFile = change
    syncBuiltinESMExports()
  }
  t.teardown(() => setWrite(writeFile))
  setWrite(async () => { throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' }) })
  const dataDir = join(t.testdir({}), 'data')
  await t.rejects(withLeaf({ dataDir }, [], noWarning), {
    name: 'UsageError',
    message: `option 'dataDir' ${dataDir} cannot hold azrun's certificates: the disk is full: make room, or choose another directory`
  })
  t.strictSame(readdirSync(dataDir), [])
})

function replaced (dataDir: string, why: string): string {
  return `the CA in ${join(dataDir, 'ca')} ${why}; azrun has replaced it, and clients must trust the new one`
}

/** OpenSSL's result for each certificate: OK, or why it is not trusted. */
function verified (caFile: string, certificates: readonly string[]): string[] {
  const files = certificates.map((_, index) => `${caFile}-${index}`)
  for (const [index, file] of files.entries()) writeFileSync(file, certificates[index]!)
  const { stdout, stderr } = spawnSync('openssl', ['verify', '-CAfile', caFile, ...files], { encoding: 'utf8' })
  return files.map(file => stdout.includes(`${file}: OK\n`) ? 'OK' : stderr)
}

/** The certificates after a client has needed azrun's own leaf. */
async function withLeaf (options: CertificateOptions, hosts: readonly string[], warn: (message: string) => void) {
  const certificates = await certificatesFor(options, hosts, warn)
  return { ...certificates, ...await certificates.leafFor() }
}

/** Extension ids in DER: id-ce (2.5.29) 14, 35 and 19. */
const subjectKeyIdentifier = '0603551d0e'
const authorityKeyIdentifier = '0603551d23'
const basicConstraints = '0603551d13'

function has (certificate: X509Certificate, extension: string): boolean {
  return certificate.raw.toString('hex').includes(extension)
}

function modeOf (...path: string[]): number {
  return statSync(join(...path)).mode & 0o777
}

function write (directory: string, { cert, key }: { readonly cert: string, readonly key: string }): void {
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, 'cert.pem'), cert)
  writeFileSync(join(directory, 'key.pem'), key, { mode: 0o600 })
}

/** Checks the name of the server as OpenSSL does: Node 22.23's own check refuses every IPv6 address. */
function identityOf (name: string): (host: string, certificate: PeerCertificate) => Error | undefined {
  return (_host, { raw }) => {
    const certificate = new X509Certificate(raw)
    const covers = isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)
    return covers === undefined ? new Error(`the certificate is not for ${name}`) : undefined
  }
}

function daysAgo (days: number): Date {
  return new Date(Date.now() - days * 24 * 60 * 60 * 1000)
}

async function fetchText (url: string, ca: string): Promise<string> {
  const [response] = await once(get(url, { ca }), 'response') as [IncomingMessage]
  return await text(response)
}

/** What a script prints when a separate Node process runs it. */
async function outputOf (script: string, argument: string): Promise<string> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script, argument], {
    stdio: ['ignore', 'pipe', 'inherit']
  })
  return await text(child.stdout)
}
