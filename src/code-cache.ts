import { createHash } from 'node:crypto'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync, readSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { basename, dirname, join } from 'node:path'
import { Script } from 'node:vm'
import { writeFileAtomic } from './files/write-atomic.js'

/** The channel on which Node publishes each response that a server of this process has sent. */
const RESPONSE = 'http.server.response.finish'

/** Milliseconds to wait after the first typical response: the next requests need more functions. */
const SETTLING = 1000

export interface CodeCacheOptions {
  /** Users who can write here can change the code that runs. */
  readonly directory: string
  /** Whether a request with this URL makes the process compile what most processes need. */
  isTypical (url: string): boolean
}

/** The text around a module that makes it a function. */
const [BEFORE, AFTER] = [Buffer.from('(function (exports, require, module, __filename, __dirname) {'), Buffer.from('\n})')]

const DIGEST = { algorithm: 'sha256', bytes: 32 } as const

/**
 * Runs a CommonJS module of ASCII, and the modules of its folder that it requires, with the code that V8 compiled in an
 * earlier process. Without that, V8 compiles each function on its first call. A process that responds to a typical
 * request stores what it had to compile. The cache is optional: `NODE_DISABLE_COMPILE_CACHE` disables it, as it does
 * Node's own. Node's own cache would not do: Node 20 has none, and it would store the little that a short process
 * compiles.
 */
export function runCached (main: string, { directory, isTypical }: CodeCacheOptions): void {
  const isDisabled = process.env['NODE_DISABLE_COMPILE_CACHE'] !== undefined
  const modules = new Map<string, { exports: object }>()
  const compiled: (() => void)[] = []
  const requireAny = (id: string): unknown => /^\.\/[^/]+$/.test(id)
    ? load(join(dirname(main), id))
    // Node's `require` takes longer, and so does creating one.
    : process.getBuiltinModule(id) ?? process.getBuiltinModule('module').createRequire(main)(id)
  const load = (file: string): object => {
    const known = modules.get(file)
    if (known !== undefined) return known.exports
    const module = { exports: {} }
    modules.set(file, module)
    const { code, identity } = readModule(file)
    const cacheFile = join(directory, `${basename(file)}-${process.version}-${process.arch}`)
    const cachedData = isDisabled ? undefined : readCache(cacheFile, identity)
    const script = new Script(code, { filename: file, cachedData })
    // V8 rejects code that it compiled with other options.
    const isMissing = cachedData === undefined || script.cachedDataRejected === true
    if (isMissing) compiled.push(() => storeCache(cacheFile, identity, script.createCachedData()))
    script.runInThisContext()(module.exports, requireAny, module, file, dirname(file))
    return module.exports
  }
  load(main)
  if (!isDisabled) onceServed(isTypical, () => compiled.forEach(store => store()))
}

/** A module as a function, and an identity that changes with each write of its file, whatever its dates say. */
function readModule (file: string): { readonly code: string, readonly identity: Buffer } {
  const descriptor = openSync(file, 'r')
  try {
    const { ino, size, ctimeMs } = fstatSync(descriptor)
    // Read into place and decoded once, because copying or hashing a source takes long.
    const bytes = Buffer.allocUnsafeSlow(BEFORE.length + size + AFTER.length)
    bytes.set(BEFORE)
    let end = BEFORE.length
    for (let count = 1; count > 0; end += count) {
      count = readSync(descriptor, bytes, end, BEFORE.length + size - end, null)
    }
    bytes.set(AFTER, end)
    const code = bytes.toString('latin1', 0, end + AFTER.length)
    return { code, identity: Buffer.from(`${ino} ${size} ${ctimeMs}`) }
  } finally {
    closeSync(descriptor)
  }
}

/** Undefined for a file that is missing, damaged, or for another source: V8 compares only the sources' lengths. */
function readCache (file: string, identity: Buffer): Buffer | undefined {
  try {
    const content = readFileSync(file)
    const data = content.subarray(DIGEST.bytes)
    return digestOf(identity, data).equals(content.subarray(0, DIGEST.bytes)) ? data : undefined
  } catch {
    return undefined
  }
}

function storeCache (file: string, identity: Buffer, data: Buffer): void {
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileAtomic(file, Buffer.concat([digestOf(identity, data), data]))
  } catch {
    // Another user may own the directory. Each start is then slow.
  }
}

function digestOf (...parts: readonly Buffer[]): Buffer {
  const hash = createHash(DIGEST.algorithm)
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** Calls `store` a while after the first typical response, or earlier if the process ends. */
function onceServed (isTypical: (url: string) => boolean, store: () => void): void {
  const onResponse = (message: unknown) => {
    const { request: { url = '' } } = message as { readonly request: IncomingMessage }
    if (!isTypical(url)) return
    unsubscribe(RESPONSE, onResponse)
    const settled = () => {
      process.removeListener('exit', settled)
      store()
    }
    process.once('exit', settled)
    setTimeout(settled, SETTLING).unref()
  }
  subscribe(RESPONSE, onResponse)
}
