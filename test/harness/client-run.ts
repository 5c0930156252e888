import type { JournalCommand, JournalEntry } from '../../src/journal/entry.js'
import { judge, type CommandEnd, type Run, type Verdict } from '../../src/rules/index.js'

const SUBSCRIPTION = '11111111-2222-4333-8444-555555555555'
const ORIGIN = 'https://management.azure.com'
const VERSION = '2024-03-01'
const START = Date.parse('2026-01-02T03:04:05.000Z')

/** The differences from a good client and a healthy Azure. */
export interface CallOptions {
  /** Milliseconds after the previous response. Default: 50. */
  readonly after?: number
  readonly durationMs?: number
  readonly status?: number | 'broken'
  readonly headers?: Readonly<Record<string, string>>
  readonly requestHeaders?: Readonly<Record<string, string>>
  readonly body?: string | object
  readonly userAgent?: string
  readonly clientRequestId?: string | null
  readonly entry?: Partial<JournalEntry>
}

export interface CommandOptions extends CallOptions {
  readonly vmName?: string
  readonly operationId?: string | null
  readonly command?: Partial<JournalCommand>
}

export interface PollOptions extends CallOptions {
  readonly operationId?: string
  /** Default: the URL in the 202. */
  readonly target?: string
}

/** The URLs of an operation, signed like Azure's. */
export function urlsOf (operationId = 'op-1'): { status: string, result: string } {
  const path = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Compute/locations/westus/operations/${operationId}`
  return {
    status: `${path}?p=part&api-version=${VERSION}&t=1&c=Cert&s=Sig&h=Hash`,
    result: `${path}?p=part&monitor=true&api-version=${VERSION}&t=2&c=Cert&s=Sig2&h=Hash2`
  }
}

/** Builds the journal of a client, call by call. */
export class ClientRun {
  readonly entries: JournalEntry[] = []
  #now = START

  token (options: CallOptions = {}): this {
    return this.#add('POST', '/tenant/oauth2/v2.0/token', {
      body: { token_type: 'Bearer', expires_in: 3599, access_token: '<redacted>' },
      ...options,
      entry: { operation: 'Tokens_IssueV2', ...options.entry }
    }, 'grant_type=client_credentials&client_id=app&client_secret=%3Credacted%3E&scope=https%3A%2F%2Fmanagement.azure.com%2F.default')
  }

  runCommand ({ vmName = 'vm1', operationId = 'op-1', command, ...options }: CommandOptions = {}): this {
    const { status = 202 } = options
    const urls = urlsOf(operationId ?? '')
    const headers: Record<string, string> = status === 202
      ? { Location: `${ORIGIN}${urls.result}`, 'Azure-AsyncOperation': `${ORIGIN}${urls.status}` }
      : {}
    const target = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/${vmName}` +
      `/runCommand?api-version=${VERSION}`
    return this.#add('POST', target, {
      headers,
      ...options,
      status,
      entry: {
        operation: 'VirtualMachines_RunCommand',
        vmName,
        operationId: operationId ?? undefined,
        command: { commandId: 'RunShellScript', script: 'df -h', parameters: {}, exitCode: 0, stdout: '', stderr: '', ...command },
        ...options.entry
      }
    }, '{"commandId":"RunShellScript","script":["df -h"]}')
  }

  /** A request that starts an operation of a machine, for example `powerOff`, or `PUT` for a managed run command. */
  change (operation: string, options: CommandOptions & { readonly path: string, readonly method?: string }): this {
    const { path, method = 'POST', operationId = 'op-1', status = 202 } = options
    const urls = urlsOf(operationId ?? '')
    const isWrite = method === 'PUT' || method === 'PATCH'
    const headers: Record<string, string> = operationId === null
      ? {}
      : { ...!isWrite && { Location: `${ORIGIN}${urls.result}` }, 'Azure-AsyncOperation': `${ORIGIN}${urls.status}` }
    const target = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute/${path}?api-version=${VERSION}`
    const entry = { operation, operationId: operationId ?? undefined, ...options.entry }
    return this.#add(method, target, { headers, ...options, status, entry }, isWrite ? '{"location":"westus"}' : undefined)
  }

  /** A poll of Azure-AsyncOperation, whose response has this status. */
  status (status: string, options: PollOptions = {}): this {
    const { operationId = 'op-1', target = urlsOf(operationId).status } = options
    const error = { code: status === 'Canceled' ? 'OperationCanceled' : 'VMExtensionProvisioningTimeout', message: 'It ended.' }
    const isBad = status === 'Failed' || status === 'Canceled'
    return this.#poll(target, operationId, { body: { status, ...isBad ? { error } : {} }, ...options })
  }

  /** A request for the result. */
  result (options: PollOptions = {}): this {
    const { operationId = 'op-1', target = urlsOf(operationId).result } = options
    return this.#poll(target, operationId, { body: { value: [] }, ...options })
  }

  /** Any other request to Resource Manager. */
  get (options: CallOptions = {}): this {
    return this.#add('GET', '/subscriptions?api-version=2022-09-01', {
      ...options,
      entry: { operation: 'Subscriptions_List', ...options.entry }
    })
  }

  ended (command?: CommandEnd, rest: Partial<Run> = {}): Run {
    return { entries: this.entries, command, ...rest }
  }

  exited (exitCode = 0, output = ''): Run {
    return this.ended({ exitCode, output })
  }

  #poll (target: string, operationId: string, options: PollOptions): this {
    return this.#add('GET', target, {
      ...options,
      entry: { operation: 'Operations_Get', operationId, ...options.entry }
    })
  }

  #add (method: string, target: string, options: CallOptions, requestBody?: string): this {
    const { after = 50, durationMs = 5, status = 200, body, userAgent = 'client/1.0', clientRequestId = 'an-id' } = options
    const sentAt = this.#now + after
    this.#now = sentAt + durationMs
    this.entries.push({
      sequence: this.entries.length + 1,
      time: new Date(sentAt).toISOString(),
      durationMs,
      method,
      url: `${ORIGIN}${target}`,
      status: status === 'broken' ? undefined : status,
      userAgent,
      clientRequestId: clientRequestId ?? undefined,
      findings: [],
      leniencies: [],
      request: { headers: { ...options.requestHeaders }, body: requestBody },
      response: {
        headers: { ...options.headers },
        body: typeof body === 'object' ? JSON.stringify(body) : body
      },
      ...options.entry
    })
    return this
  }
}

export function verdictOf (id: string, run: Run): Verdict {
  return judge(run).find(({ rule }) => rule.id === id)!
}

export function outcomeOf (id: string, run: Run): string {
  return verdictOf(id, run).outcome
}

/** The ids of the rules that the run breaks. */
export function violationsIn (run: Run): string[] {
  return judge(run).filter(({ outcome }) => outcome === 'violated').map(({ rule }) => rule.id)
}
