import { createHash } from 'node:crypto'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { mkdirSync, readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Script } from 'node:vm'
import { writeFileAtomic } from './files/write-atomic.js'

/** Published by Node whenever a server of this process has sent a response. */
const RESPONSE = 'http.server.response.finish'

/** Milliseconds after the first typical response: the next requests need functions that it did not. */
const SETTLING = 1000

export interface CodeCacheOptions {
  /** Who can write here can change what runs. */
  readonly directory: string
  /** Whether the request with this URL makes a process compile what most processes need. */
  isTypical (url: string): boolean
}

const DIGEST = { algorithm: 'sha256', bytes: 32 } as const

/**
 * Runs a CommonJS file of ASCII, with what V8 compiled of it in an earlier process: without that, V8 compiles each
 * function when it is first called. The first process that responds to a typical request stores what it has compiled.
 * Nothing depends on that, and `NODE_DISABLE_COMPILE_CACHE` prevents it, as it does Node's own cache: that one is of
 * Node 22, for each file apart, and of whatever process ends first.
 */
export function runCached (file: string, { directory, isTypical }: CodeCacheOptions): void {
  const source = readFileSync(file)
  const cacheFile = join(directory, `code-${process.version}-${process.arch}`)
  const isDisabled = process.env['NODE_DISABLE_COMPILE_CACHE'] !== undefined
  const cachedData = isDisabled ? undefined : readCache(cacheFile, source)
  const code = `(function (require, __filename) {${source.toString('latin1')}\n})`
  const script = new Script(code, { filename: file, cachedData })
  // V8 rejects what it has compiled with other options.
  const isMissing = cachedData === undefined || script.cachedDataRejected === true
  if (isMissing && !isDisabled) onceServed(isTypical, () => storeCache(cacheFile, source, script.createCachedData()))
  script.runInThisContext()(createRequire(file), file)
}

/** Undefined for a file that is missing, damaged, or for another source: V8 compares no more than the lengths. */
function readCache (file: string, source: Buffer): Buffer | undefined {
  try {
    const content = readFileSync(file)
    const data = content.subarray(DIGEST.bytes)
    return digestOf(source, data).equals(content.subarray(0, DIGEST.bytes)) ? data : undefined
  } catch {
    return undefined
  }
}

function storeCache (file: string, source: Buffer, data: Buffer): void {
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileAtomic(file, Buffer.concat([digestOf(source, data), data]))
  } catch {
    // Others may own the directory: each start is a slow one then.
  }
}

function digestOf (...parts: readonly Buffer[]): Buffer {
  const hash = createHash(DIGEST.algorithm)
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** Calls back a while after the first typical response, or when the process ends. */
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
