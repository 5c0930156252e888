import { spawn } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { get } from 'node:https'
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { connect, type PeerCertificate } from 'node:tls'
import t from 'tap'
import { startEmulator, UsageError } from '../src/index.js'
import { certificatesFor } from '../src/listener/certificates.js'
import { createAuthority, createLeaf } from '../src/listener/x509.js'
import { start } from './helper.js'

/** Names that a client may use for this machine. */
const names = ['localhost', '127.0.0.1', '::1', hostname()]

t.test('keeps the CA and its leaf to the user', async t => {
  const dataDir = join(t.testdir(), 'new')
  await certificatesFor({ dataDir }, names)
  const directories = readdirSync(dataDir)
  t.match(directories, ['ca', /^leaf-[0-9a-f]{16}$/], 'and no drafts')
  for (const directory of ['.', ...directories]) t.equal(modeOf(dataDir, directory), 0o700, directory)
  for (const directory of directories) t.equal(modeOf(dataDir, directory, 'key.pem'), 0o600, directory)
})

t.test('makes a CA that may sign leaves alone, and a leaf that names it', async t => {
  const { cert, ca } = await certificatesFor({ dataDir: t.testdir() }, names)
  const authority = new X509Certificate(ca)
  const leaf = new X509Certificate(cert)
  for (const each of [authority, leaf]) t.match(each.publicKey.asymmetricKeyDetails, { namedCurve: 'prime256v1' })
  t.equal(authority.ca, true)
  t.equal(leaf.ca, false)
  t.ok(leaf.checkIssued(authority))
  t.ok(leaf.verify(authority.publicKey))
  const day = 24 * 60 * 60 * 1000
  t.ok(Date.parse(leaf.validTo) - Date.parse(leaf.validFrom) <= 398 * day, 'no longer than every client takes')
  t.ok(Date.parse(leaf.validFrom) < Date.now() - day / 2, 'good for clients whose clock is behind')
  t.strictSame(leaf.keyUsage, ['1.3.6.1.5.5.7.3.1'], 'server authentication')
  // RFC 5280, 4.2.1.1 and 4.2.1.2: Python 3.13 and others refuse a chain without the key identifiers.
  t.ok(has(leaf, authorityKeyIdentifier) && has(leaf, subjectKeyIdentifier) && has(authority, subjectKeyIdentifier))
  t.ok(has(leaf, basicConstraints) && has(authority, basicConstraints))
})

t.test('is trusted by each of its names, and by no other', async t => {
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

t.test('covers the host that it listens on, and no wildcard', async t => {
  const { cert } = await certificatesFor({ dataDir: t.testdir() }, ['emulator.test', '0.0.0.0', '::'])
  t.equal(new X509Certificate(cert).subjectAltName,
    'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, DNS:emulator.test')
})

t.test('keeps the CA between starts, and a leaf for each set of names', async t => {
  const dataDir = t.testdir()
  const make = async (name: string) => {
    const { leafFor, ...made } = await certificatesFor({ dataDir }, [name])
    return { made, azure: await leafFor('management.azure.com') }
  }
  const first = await make('one.test')
  t.strictSame(await make('one.test'), first)
  const second = await make('two.test')
  t.equal(second.made.ca, first.made.ca)
  t.not(second.made.cert, first.made.cert)
  t.strictSame(second.azure, first.azure)
  t.strictSame(await make('one.test'), first)
})

t.test('makes a leaf for another host that is good for that host alone', async t => {
  const { ca, leafFor } = await certificatesFor({ dataDir: t.testdir() }, ['one.test'])
  const leaf = new X509Certificate((await leafFor('management.azure.com')).cert)
  t.ok(leaf.checkIssued(new X509Certificate(ca)))
  t.equal(leaf.subjectAltName, 'DNS:management.azure.com')
})

t.test('agrees on one CA where eight emulators come first at once', async t => {
  const dataDir = t.testdir()
  const emulators = await Promise.all(Array.from({ length: 8 }, () => startEmulator({ dataDir })))
  t.teardown(() => Promise.all(emulators.map(each => each.close())))
  const ca = readFileSync(join(dataDir, 'ca', 'cert.pem'), 'utf8')
  for (const { url } of emulators) t.equal(await fetchText(`${url}/_emulator/ca.pem`, ca), ca)
  t.equal(readdirSync(dataDir).length, 2, 'no drafts are left')
})

t.test('agrees on one CA where eight processes come first at once', async t => {
  const dataDir = t.testdir()
  const module = new URL('../dist/listener/certificates.js', import.meta.url)
  const script = `import { certificatesFor } from '${module}'
    process.stdout.write((await certificatesFor({ dataDir: process.argv[1] }, [])).ca)`
  const outputs = await Promise.all(Array.from({ length: 8 }, () => outputOf(script, dataDir)))
  t.strictSame([...new Set(outputs)], [readFileSync(join(dataDir, 'ca', 'cert.pem'), 'utf8')])
  t.equal(readdirSync(dataDir).length, 2, 'no drafts are left')
})

t.test('makes a leaf anew that expires within a month, also where eight need it at once', async t => {
  const dataDir = t.testdir()
  const fresh = await certificatesFor({ dataDir }, [])
  const directory = join(dataDir, readdirSync(dataDir).find(name => name.startsWith('leaf-'))!)
  const ca = { cert: fresh.ca, key: readFileSync(join(dataDir, 'ca', 'key.pem'), 'utf8') }
  const now = Date.now()
  const expiring = await longAgo(397 - 29, () => createLeaf(ca, ['localhost']))
  write(directory, expiring)
  const found = await Promise.all(Array.from({ length: 8 }, () => certificatesFor({ dataDir }, [])))
  for (const each of found) {
    t.equal(each.ca, fresh.ca)
    t.ok(new X509Certificate(each.cert).verify(new X509Certificate(fresh.ca).publicKey))
    t.ok(Date.parse(new X509Certificate(each.cert).validTo) > now + 390 * 24 * 60 * 60 * 1000)
  }
  t.equal(readdirSync(dataDir).length, 2, 'no drafts are left')
})

t.test('makes a CA anew that expires within a month, and the leaf with it', async t => {
  const dataDir = t.testdir()
  write(join(dataDir, 'ca'), await longAgo(3650 - 29, createAuthority))
  const { ca, cert, caFile } = await certificatesFor({ dataDir }, [])
  t.ok(Date.parse(new X509Certificate(ca).validTo) > Date.now() + 3600 * 24 * 60 * 60 * 1000)
  t.ok(new X509Certificate(cert).checkIssued(new X509Certificate(ca)))
  t.equal(readFileSync(caFile, 'utf8'), ca)
})

t.test('makes a pair anew that is broken', async t => {
  const dataDir = t.testdir()
  const good = await createAuthority()
  const broken = {
    'a certificate that is none': { cert: 'PEM', key: good.key },
    'an empty key': { cert: good.cert, key: '' },
    'a key of another': { cert: good.cert, key: (await createAuthority()).key }
  }
  for (const [what, pair] of Object.entries(broken)) {
    write(join(dataDir, 'ca'), pair)
    const { ca, cert } = await certificatesFor({ dataDir }, [])
    t.ok(new X509Certificate(cert).verify(new X509Certificate(ca).publicKey), what)
    t.equal(readFileSync(join(dataDir, 'ca', 'cert.pem'), 'utf8'), ca, what)
  }
})

t.test('serves the certificate that it is given, and makes none', async t => {
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
  t.strictSame(readdirSync(join(dir, 'data')), [])
})

t.test('says which data directory cannot be used, and leaves no draft there', async t => {
  const dir = t.testdir({ file: '', taken: { ca: 'a file' } })
  for (const name of ['file', 'taken']) {
    const error: unknown = await certificatesFor({ dataDir: join(dir, name) }, []).catch((error: unknown) => error)
    t.ok(error instanceof UsageError)
    t.ok(`${error}`.includes(`--data-dir ${join(dir, name)} cannot hold azrun's certificates`))
  }
  t.strictSame(readdirSync(join(dir, 'taken')), ['ca'])
})

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
  writeFileSync(join(directory, 'key.pem'), key)
}

/** As OpenSSL checks a client's name for the server: node 22.23's own check refuses every IPv6 address. */
function identityOf (name: string): (host: string, certificate: PeerCertificate) => Error | undefined {
  return (_host, { raw }) => {
    const certificate = new X509Certificate(raw)
    const covers = isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)
    return covers === undefined ? new Error(`the certificate is not for ${name}`) : undefined
  }
}

/** What a call makes that believes the day to be so many days earlier. */
async function longAgo<T> (days: number, make: () => Promise<T>): Promise<T> {
  const { now } = Date
  Date.now = () => now() - days * 24 * 60 * 60 * 1000
  try {
    return await make()
  } finally {
    Date.now = now
  }
}

async function fetchText (url: string, ca: string): Promise<string> {
  const [response] = await once(get(url, { ca }), 'response') as [IncomingMessage]
  return await text(response)
}

/** What a program prints, run by a node of its own. */
async function outputOf (script: string, argument: string): Promise<string> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script, argument], {
    stdio: ['ignore', 'pipe', 'inherit']
  })
  return await text(child.stdout)
}
