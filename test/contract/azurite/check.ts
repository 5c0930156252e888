import { spawn } from 'node:child_process'
import { createHmac, randomBytes } from 'node:crypto'
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import type { Test } from 'tap'
import type { Emulator } from '../../../src/index.js'
import { AppendBlob } from '../../../src/transfers/append-blob.js'
import { downloadScript } from '../../../src/transfers/download-script.js'
import { build } from '../../harness/emulator.js'
import { execution, run, shellExecutor } from '../../harness/execution.js'
import { ended, managed, properties, put } from '../../harness/managed.js'

const MAIN = fileURLToPath(new URL('node_modules/azurite/dist/src/blob/main.js', import.meta.url))

const ACCOUNT = 'azrun'
const CONTAINER = 'output'
const VERSION = '2021-12-02'

/** Checks azrun's uploads and downloads against Azurite, Azure's emulator of Storage. */
export async function check (t: Test): Promise<void> {
  const key = randomBytes(64).toString('base64')
  const url = `${await startAzurite(t, key)}/${ACCOUNT}`
  const host = new URL(url).host
  const options = { allowedHosts: [host], signal: new AbortController().signal }
  const uriOf = (name: string, permissions = 'racw', container = CONTAINER) =>
    `${url}/${container}/${name}?${signatureFor(key, `${container}/${name}`, permissions)}`
  const created = await fetch(`${url}/${CONTAINER}?restype=container&${accountSignature(key)}`, { method: 'PUT' })
  t.equal(created.status, 201)

  const read = async (name: string) => {
    const response = await fetch(uriOf(name))
    return { type: response.headers.get('x-ms-blob-type'), text: await response.text() }
  }
  const putBlock = async (name: string, body: string) =>
    await fetch(uriOf(name), { method: 'PUT', headers: { 'x-ms-blob-type': 'BlockBlob', 'x-ms-version': VERSION }, body })

  await t.test('an append blob contains the appended bytes, and is empty after it is created again', async t => {
    const blob = await AppendBlob.create(uriOf('out'), options)
    t.same(await read('out'), { type: 'AppendBlob', text: '' })
    const bytes = Buffer.alloc(9 * 2 ** 20, 'azrun\n')
    await blob.append(bytes)
    await blob.append(Buffer.from('é'))
    t.ok((await read('out')).text === `${bytes}é`)
    await AppendBlob.create(uriOf('out'), options)
    t.same(await read('out'), { type: 'AppendBlob', text: '' })
  })

  await t.test('an execution uploads the streams of a script to its sinks', async t => {
    const [stdout, stderr] = await Promise.all(['stdout', 'stderr'].map(async name => {
      const blob = await AppendBlob.create(uriOf(name), options)
      return { write: async (bytes: Buffer) => await blob.append(bytes) }
    }))
    const script = 'yes azrun | head -c 6000000; echo "$0" >&2'
    await run(shellExecutor(t), execution(script, { sinks: { stdout, stderr } }))
    t.ok((await read('stdout')).text === 'azrun\n'.repeat(1_000_000))
    t.equal((await read('stderr')).text, '/path/in/the/vm/script.sh\n')
  })

  await t.test('create replaces a blob of another type, and append refuses it', async t => {
    await putBlock('typed', 'before')
    const blob = await AppendBlob.create(uriOf('typed'), options)
    t.same(await read('typed'), { type: 'AppendBlob', text: '' })
    await putBlock('typed', 'between')
    await t.rejects(blob.append(Buffer.from('a')), { code: 'Refused', status: 409, message: /\(InvalidBlobType\)$/ })
  })

  await t.test('a forged signature, a missing permission and a missing container are refused', async t => {
    const forged = uriOf('out').replace(/sig=.*/, `sig=${encodeURIComponent(randomBytes(32).toString('base64'))}`)
    await t.rejects(AppendBlob.create(forged, options), { code: 'Refused', status: 403, message: /\(\w+\)$/ })
    await t.rejects(AppendBlob.create(uriOf('out', 'r'), options), { code: 'Refused', status: 403, message: /\(\w+\)$/ })
    await t.rejects(AppendBlob.create(uriOf('out', 'racw', 'none'), options),
      { code: 'Refused', status: 404, message: /\(ContainerNotFound\)$/ })
  })

  await t.test('a managed run command downloads its script and uploads its streams', async t => {
    await putBlock('managed.sh', 'echo "$NAME"; yes azrun | head -c 6000000; echo wrong >&2; exit 3')
    const [emulator, visibleText] = await managedEmulator(t, host)
    const sent = {
      source: { scriptUri: uriOf('managed.sh', 'r') },
      protectedParameters: [{ name: 'NAME', value: 'Ada' }],
      outputBlobUri: uriOf('managed-out'),
      errorBlobUri: uriOf('managed-err')
    }
    const created = await managed(emulator, 'PUT', { name: 'cmd' }, { location: 'westus', properties: sent })
    t.match(await ended(emulator, created), { status: 'Succeeded' })
    const { source, instanceView } = await properties(emulator)
    t.same(source, {})
    t.match(instanceView, { exitCode: 3, executionState: 'Failed', error: 'wrong\n' })
    t.equal(instanceView.output.length, 4096)
    t.same(await read('managed-out'), { type: 'AppendBlob', text: `Ada\n${'azrun\n'.repeat(1_000_000)}` })
    t.same(await read('managed-err'), { type: 'AppendBlob', text: 'wrong\n' })
    t.same(signaturesIn(await visibleText(created.body)), [])
  })

  await t.test('a managed run command that times out has uploaded its output', async t => {
    const [emulator] = await managedEmulator(t, host)
    const sent = { timeoutInSeconds: 1, outputBlobUri: uriOf('managed-late') }
    await ended(emulator, await put(emulator, 'echo before; sleep 600', { properties: sent }))
    t.match((await properties(emulator)).instanceView, { executionState: 'TimedOut', exitCode: -1, output: 'before\n' })
    t.same(await read('managed-late'), { type: 'AppendBlob', text: 'before\n' })
  })

  await t.test("a managed run command shows the storage account's errors without the signature", async t => {
    const [emulator, visibleText] = await managedEmulator(t, host)
    const cases = [
      { properties: { outputBlobUri: uriOf('out', 'r') }, exitCode: -101, message: /^Execution failed: Error creating AppendBlob '[^?]*\/out' .*403/ },
      { properties: { errorBlobUri: uriOf('out', 'racw', 'none') }, exitCode: -101, message: /AppendBlob '[^?]*\/none\/out' .*404.*\(ContainerNotFound\)$/ },
      { properties: { source: { scriptUri: uriOf('none.sh', 'r') } }, exitCode: -100, message: /^Execution failed: File downloads failed\..*404.*\(BlobNotFound\)$/ },
      { properties: { source: { scriptUri: uriOf('typed', 'w') } }, exitCode: -100, message: /File downloads failed\..*403/ }
    ]
    for (const { properties: sent, exitCode, message } of cases) {
      const body = { location: 'westus', properties: { source: { script: 'echo' }, ...sent } }
      const response = await managed(emulator, 'PUT', { name: 'cmd' }, body)
      t.match(await ended(emulator, response), { status: 'Succeeded' })
      const { instanceView } = await properties(emulator)
      t.match(instanceView, { exitCode, executionState: 'Failed', executionMessage: message, output: '' })
      t.same(signaturesIn(await visibleText(response.body)), [])
    }
  })

  await t.test('a script is downloaded from a blob', async t => {
    await putBlock('script.sh', 'echo é')
    t.equal(await downloadScript(uriOf('script.sh', 'r'), options), 'echo é')
    await t.rejects(downloadScript(uriOf('none.sh', 'r'), options), { code: 'Refused', status: 404, message: /\(BlobNotFound\)$/ })
  })
}

/** An emulator that can reach the storage account, and a function that returns all its visible text, with its log. */
async function managedEmulator (t: Test, host: string): Promise<[Emulator, (response: string) => Promise<string>]> {
  let logged = ''
  const log = new Writable({ write (chunk, _encoding, done) { logged += chunk; done() } })
  const emulator = await build(t, { executor: 'shell', allowHost: [host], logger: pino({ level: 'trace' }, log) })
  return [emulator, async response => {
    const pages = ['/_emulator/state', '/_emulator/requests', '/_emulator/'].map(url => emulator.app.inject(url))
    const bodies = (await Promise.all(pages)).map(({ body }) => body)
    return [response, JSON.stringify(await properties(emulator)), logged, ...bodies].join('\n')
  }]
}

/** The signatures in a text that are not redacted. */
function signaturesIn (text: string): string[] {
  return [...text.matchAll(/sig=(?!<redacted>|%3Credacted)[^"&\\]{0,60}/gi)].map(([found]) => found)
}

/** Runs Azurite on a free port with an account that has this key. Resolves to its URL. */
async function startAzurite (t: Test, key: string): Promise<string> {
  const child = spawn(process.execPath, [MAIN, '--blobPort', '0', '--inMemoryPersistence', '--disableTelemetry', '--silent'], {
    cwd: t.testdir(),
    env: { PATH: process.env['PATH'], AZURITE_ACCOUNTS: `${ACCOUNT}:${key}` },
    stdio: ['ignore', 'pipe', 'inherit']
  })
  t.teardown(() => { child.kill('SIGKILL') })
  for await (const line of createInterface(child.stdout)) {
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? []
    if (line.includes('successfully listen') && url !== undefined) return url
  }
  throw new Error('Azurite has ended')
}

/** A signature for one blob (documented: Create a service SAS, version 2020-12-06 and later). */
function signatureFor (key: string, path: string, permissions: string): string {
  const expiry = '2099-01-01T00:00:00Z'
  const fields = [permissions, '', expiry, `/blob/${ACCOUNT}/${path}`, '', '', '', VERSION, 'b', '', '', '', '', '', '', '']
  return new URLSearchParams({ sv: VERSION, sr: 'b', sp: permissions, se: expiry, sig: sign(key, fields) }).toString()
}

/** A signature that permits creating containers (documented: Create an account SAS). */
function accountSignature (key: string): string {
  const expiry = '2099-01-01T00:00:00Z'
  const fields = [ACCOUNT, 'c', 'b', 'c', '', expiry, '', '', VERSION, '', '']
  const query = { sv: VERSION, ss: 'b', srt: 'c', sp: 'c', se: expiry, sig: sign(key, fields) }
  return new URLSearchParams(query).toString()
}

function sign (key: string, fields: readonly string[]): string {
  return createHmac('sha256', Buffer.from(key, 'base64')).update(fields.join('\n')).digest('base64')
}
