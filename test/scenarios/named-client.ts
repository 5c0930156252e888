import { setImmediate, setTimeout } from 'node:timers/promises'
import type { RunningEmulator } from '../../src/index.js'
import type { VirtualClock } from '../../src/time/virtual-clock.js'
import { AUTHORIZATION, runCommandUrl, SUBSCRIPTION } from '../harness/emulator.js'
import { exchange, type WireAnswer } from '../harness/wire.js'

/** How the client of a scenario behaves. */
export interface Habits {
  /** The most times that it sends the run command. Default: 1. */
  readonly tries?: number
  /** Milliseconds of the virtual clock between its requests. Default: 30,000, like Azure's clients. */
  readonly pause?: number
  readonly commandId?: string
  readonly resourceGroup?: string
  /** Milliseconds of real time that it waits for a response. Default: no limit. */
  readonly timeout?: number
  /** Whether it logs in first, and again whenever its token is refused. */
  readonly logsIn?: boolean
  /** Whether the virtual clock advances while it waits for a response, which a dripping response needs. */
  readonly advancesClock?: boolean
}

export interface NamedClientOptions {
  readonly emulator: RunningEmulator
  readonly clock: VirtualClock
  /** The name of the scenario. */
  readonly name: string
  readonly habits: Habits
}

interface Polled {
  readonly url: string
  readonly what: 'status' | 'result'
}

const LOGIN = new URLSearchParams({
  grant_type: 'client_credentials',
  client_id: SUBSCRIPTION,
  client_secret: 's',
  scope: 'https://management.azure.com/.default'
}).toString()

const ENDED = /^(?:Succeeded|Failed|Canceled)$/
const MAX_POLLS = 12

/** A client that names a scenario in its first request and follows the operation. It records what it sees. */
export class NamedClient {
  readonly #emulator: RunningEmulator
  readonly #clock: VirtualClock
  readonly #name: string
  readonly #habits: Habits
  readonly seen: string[] = []
  /** The body of the last response. */
  last = ''
  #authorization = AUTHORIZATION.authorization

  constructor ({ emulator, clock, name, habits }: NamedClientOptions) {
    this.#emulator = emulator
    this.#clock = clock
    this.#name = name
    this.#habits = habits
  }

  /** Sends the run command until it is accepted, and follows its operation to the end. */
  async run (): Promise<void> {
    if (this.#habits.logsIn) await this.logIn()
    const { tries = 1, commandId = 'RunShellScript', resourceGroup } = this.#habits
    const body = JSON.stringify({ commandId, script: ['echo hi'] })
    for (let tried = 0; tried < tries; tried++) {
      if (tried > 0) await this.pass()
      const response = await this.send('run', 'POST', runCommandUrl({ resourceGroup }), { prefer: `scenario=${this.#name}` }, body)
      if (response?.status === 202) return await this.#follow(response)
      if (response?.status === 200) return
    }
  }

  /** Sends a request. Undefined if no complete response arrives. */
  async send (what: string, method: string, path: string, more: Record<string, string> = {},
    body?: string): Promise<WireAnswer | undefined> {
    const { httpUrl } = this.#emulator
    const headers = { authorization: this.#authorization, ...body !== undefined && { 'content-type': 'application/json' }, ...more }
    const done = new AbortController()
    const late = this.#habits.timeout === undefined ? [] : [setTimeout(this.#habits.timeout, undefined, done)]
    const sent = exchange(this.#emulator, new URL(path, httpUrl).href, { method, headers, body })
    const over = sent.then(() => true, () => true)
    let passed = 0
    for (; this.#habits.advancesClock && !await Promise.race([over, setImmediate(false)]); passed += 100) {
      await this.#clock.advance(100)
    }
    try {
      const response = await Promise.race([sent, ...late])
      const summary = response === undefined ? 'nothing' : summaryOf(response)
      this.seen.push(`${what} ${summary}${passed > 1000 ? ' slowly' : ''}`)
      this.last = response?.body.toString() ?? ''
      return response
    } catch (error) {
      this.seen.push(`${what} ${(error as { code?: string }).code}`)
      return undefined
    } finally {
      done.abort()
      for (const promise of [sent, ...late]) promise.catch(() => {})
    }
  }

  async logIn (): Promise<void> {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', prefer: `scenario=${this.#name}` }
    const response = await this.send('login', 'POST', `/${SUBSCRIPTION}/oauth2/v2.0/token`, headers, LOGIN)
    if (response?.status === 200) this.#authorization = `Bearer ${JSON.parse(this.last).access_token}`
  }

  async pass (): Promise<void> {
    await this.#clock.advance(this.#habits.pause ?? 30_000)
  }

  /** Polls the status, if there is one, and then the result. */
  async #follow ({ headers }: WireAnswer): Promise<void> {
    const { 'azure-asyncoperation': status, location } = headers
    const isOver = status === undefined || await this.#poll({ url: status, what: 'status' })
    if (isOver && location !== undefined) await this.#poll({ url: location, what: 'result' })
  }

  /** Polls a URL. Returns whether the operation has ended without an error, by the responses of this URL. */
  async #poll ({ url: first, what }: Polled): Promise<boolean> {
    let url = first
    for (let polls = 0; polls < MAX_POLLS; polls++) {
      if (!URL.canParse(url, this.#emulator.httpUrl)) { this.seen.push(`${what} has no URL`); return false }
      const response = await this.send(what, 'GET', pathOf(url, this.#emulator.httpUrl))
      if (response !== undefined) {
        const { status, headers } = response
        url = headers[what === 'status' ? 'azure-asyncoperation' : 'location'] ?? url
        const [state = ''] = stateOf(response)
        if (what === 'result' ? status < 300 && status !== 202 : ENDED.test(state)) return state !== 'Failed' && state !== 'Canceled'
        if (status === 401 && this.#habits.logsIn) await this.logIn()
        else if (status >= 400 && status < 500 && status !== 429) return false
      }
      await this.pass()
    }
    return false
  }
}

function pathOf (url: string, base: string): string {
  const { pathname, search } = new URL(url, base)
  return pathname + search
}

function summaryOf (response: WireAnswer): string {
  const { status, headers } = response
  const wait = headers['retry-after-ms'] === undefined ? headers['retry-after'] : `${headers['retry-after-ms']} ms`
  return [`${status}`, ...stateOf(response), wait === undefined ? '' : `after ${wait.replace(/^\w+, .*/, 'a date')}`].filter(Boolean).join(' ')
}

/** The status of an operation and the code of an error, or the number of listed machines. */
function stateOf ({ body, headers }: WireAnswer): string[] {
  const text = body.toString()
  if (/html/.test(headers['content-type'] ?? '')) return ['HTML']
  if (text === '') return []
  try {
    const { error, status, value } = JSON.parse(text)
    if (value !== undefined) return value.some((each: object) => 'code' in each) ? [] : [`${value.length} machines`]
    return [status, error?.code ?? error].filter(Boolean)
  } catch {
    return ['not JSON']
  }
}
