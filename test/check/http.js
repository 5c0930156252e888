import { setTimeout as sleep } from 'node:timers/promises'
import { EnvHttpProxyAgent, request } from 'undici'

/** The timeout of a request in milliseconds. azrun holds a poll for up to 10 s. */
const TIMEOUT = 15_000

/** Milliseconds between tries without a Retry-After. */
const PAUSE = 500

export class Failure extends Error {}

/** Sends requests through the proxy of the environment. `ca` replaces the certificates that Node trusts. */
export function createHttp ({ waitsBeforeTryingAgain, mostTries }, { env, ca }) {
  const dispatcher = new EnvHttpProxyAgent({ httpsProxy: env.HTTPS_PROXY, noProxy: env.NO_PROXY, requestTls: { ca } })

  return { send, close: () => dispatcher.close() }

  /** Retries while `mayTryAgain` allows it. Throws a Failure with Azure's code for an error response. */
  async function send (url, { mayTryAgain, ...options }) {
    for (let tries = 1; ; tries++) {
      const response = await once(url, options)
      if (response.status < 400) return response
      if (!mayTryAgain(response) || tries >= mostTries) throw new Failure(textOf(response))
      if (waitsBeforeTryingAgain) await sleep(waitOf(response) ?? PAUSE)
    }
  }

  /** Sends a request once. A connection error becomes a response with status 599. */
  async function once (url, { method = 'GET', headers, body }) {
    try {
      const signal = AbortSignal.timeout(TIMEOUT)
      const { statusCode, headers: received, body: stream } =
        await request(url, { method, headers: await headers(), body, dispatcher, signal })
      return { status: statusCode, headers: received, text: await stream.text() }
    } catch (error) {
      return { status: 599, headers: {}, text: `${error.code ?? error.name}: ${error.message}` }
    }
  }
}

/** Whether a request that is safe to repeat, such as a GET, may be retried. */
export function isTransient ({ status }) {
  return status === 408 || status === 429 || status >= 500
}

/** The milliseconds that the response asks to wait, if any. */
export function waitOf ({ headers }) {
  const { 'retry-after-ms': ms, 'retry-after': value } = headers
  if (/^\d+$/.test(ms)) return Number(ms)
  if (/^\d+$/.test(value)) return Number(value) * 1000
  const date = Date.parse(value)
  return value === undefined || Number.isNaN(date) || !/GMT$/.test(value) ? undefined : Math.max(0, date - Date.now())
}

export function jsonOf ({ text }) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function textOf (response) {
  const { status, text } = response
  const { code, message } = jsonOf(response)?.error ?? {}
  return code === undefined ? `status ${status}: ${text.slice(0, 200)}` : `(${code}) ${message}`
}
