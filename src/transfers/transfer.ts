import { setTimeout as later } from 'node:timers'
import { allowHostOf, createAllowed, parseAuthority } from '../core/destinations.js'

export interface TransferOptions {
  /** The hosts that azrun may reach, in the form of `--allow-host`. */
  readonly allowedHosts: readonly string[]
  readonly signal: AbortSignal
  /** The timeout for a request and its response, in milliseconds. Default: 30 seconds. */
  readonly timeout?: number
}

/** Why a transfer failed. */
export type TransferErrorCode = 'InvalidUri' | 'HostNotAllowed' | 'NotReached' | 'TimedOut' | 'Refused' | 'TooLarge' |
  'TooManyRedirects'

/** A transfer failed. The message is for the client that sent the URI, and never contains the URI's query. */
export class TransferError extends Error {
  readonly code: TransferErrorCode
  /** The status of the response, if there was one. */
  readonly status?: number

  constructor (code: TransferErrorCode, message: string, status?: number) {
    super(message)
    this.code = code
    if (status !== undefined) this.status = status
  }
}

const TIMEOUT = 30_000

/** Parses a URI for a request. Throws a `TransferError` if it is not http(s), or its host is not allowed. */
export function allowedUrl (uri: string, { allowedHosts }: Pick<TransferOptions, 'allowedHosts'>, base?: URL): URL {
  const url = URL.canParse(uri, base?.href) ? new URL(uri, base) : undefined
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '') {
    throw new TransferError('InvalidUri', 'the URI must be an http or https URL without a user and a password')
  }
  const destination = parseAuthority(url.host, url.protocol === 'http:' ? 80 : 443)
  if (destination === undefined) throw new TransferError('InvalidUri', `${url.host} is not the name of a host`)
  if (!createAllowed(allowedHosts)(destination)) {
    const host = allowHostOf(destination)
    throw new TransferError('HostNotAllowed', `azrun does not connect to ${host}: use --allow-host ${host} to allow it`)
  }
  return url
}

/**
 * Sends a request and lets `use` read the response. Does not follow redirects. Rejects with a `TransferError`, or with
 * the signal's reason when that aborts.
 */
export async function transfer<Result> (url: URL, request: RequestInit, { signal, timeout = TIMEOUT }: TransferOptions,
  use: (response: Response) => Promise<Result>): Promise<Result> {
  signal.throwIfAborted()
  // Node 20's AbortSignal.any() may lose a signal that nothing else references.
  const ending = new AbortController()
  const abort = () => ending.abort()
  signal.addEventListener('abort', abort, { once: true })
  const timer = later(abort, timeout)
  try {
    return await use(await fetch(url, { ...request, redirect: 'manual', signal: ending.signal }))
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof TransferError) throw error
    if (!ending.signal.aborted) throw new TransferError('NotReached', `${shown(url)}: ${reasonOf(error)}`)
    throw new TransferError('TimedOut', `${shown(url)}: no complete response within ${timeout} ms`)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
    // Do not wait for a body that `use` has not read.
    ending.abort()
  }
}

/** The error for an unexpected status. A storage service names the error in a header. */
export function refused (url: URL, { status, headers }: Response, expected: number): TransferError {
  const [code] = /^\w{1,100}$/.exec(headers.get('x-ms-error-code') ?? '') ?? []
  const named = code === undefined ? '' : ` (${code})`
  return new TransferError('Refused', `${shown(url)}: unexpected status code: actual=${status} expected=${expected}${named}`,
    status)
}

/** A URL without its query, which may be a secret. */
export function shown ({ origin, pathname }: URL): string {
  return `${origin}${pathname}`
}

/** The reason of an error of `fetch`, which is in its cause. */
function reasonOf (error: unknown): string {
  const { cause } = error as { readonly cause?: NodeJS.ErrnoException }
  return cause?.message || cause?.code || 'the connection failed'
}
