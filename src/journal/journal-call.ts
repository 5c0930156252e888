import { decoded } from '../core/decoded.js'
import { machineNameIn } from '../core/resource-id.js'
import { commandIn, type SentCommand } from '../matching/command.js'
import type { Call } from '../matching/match.js'
import { isPoll, isRunCommandAction, runsCommand } from '../matching/operation-kinds.js'
import type { KeptRequest } from './kept-request.js'
import { headersOf, parseHead, pathOf, type Head } from './message.js'

/** The properties of a kept request that filters and expectations match, each computed on demand. */
export class JournalCall implements Call {
  readonly entry: KeptRequest
  readonly #startOf: (operationId: string) => KeptRequest | undefined
  #head: Head | undefined
  #headers: Call['headers'] | undefined
  #subscriptionId: string | undefined | null = null
  #command: SentCommand | undefined | null = null

  constructor (entry: KeptRequest, startOf: (operationId: string) => KeptRequest | undefined) {
    this.entry = entry
    this.#startOf = startOf
  }

  get head (): Head {
    this.#head ??= parseHead(this.entry.head())
    return this.#head
  }

  get method (): string {
    return this.head.method
  }

  get path (): string {
    return pathOf(this.head.url)
  }

  get operation (): string | undefined {
    return this.entry.operation
  }

  get status (): number | undefined {
    return this.entry.status
  }

  get scenarios (): readonly string[] {
    return this.entry.scenarios ?? []
  }

  get headers (): Call['headers'] {
    this.#headers ??= lowerCased(this.head.headers)
    return this.#headers
  }

  get subscriptionId (): string | undefined {
    if (this.#subscriptionId === null) this.#subscriptionId = this.#nameAfter('subscriptions')
    return this.#subscriptionId
  }

  get resourceGroup (): string | undefined {
    return this.#nameAfter('resourceGroups') ?? this.start?.resourceGroup
  }

  get vmName (): string | undefined {
    const name = machineNameIn(this.path)
    return name === undefined ? this.start?.vmName : decoded(name)
  }

  get commandId (): string | undefined {
    return this.command?.commandId ?? this.start?.commandId
  }

  get script (): string | undefined {
    return this.command?.script ?? this.start?.script
  }

  get parameters (): Readonly<Record<string, string>> | undefined {
    return this.command?.parameters ?? this.start?.parameters
  }

  get clientRequestId (): string | undefined {
    return single(this.headers['x-ms-client-request-id']) ?? single(this.headers['client-request-id'])
  }

  get userAgent (): string | undefined {
    return single(this.headers['user-agent'])
  }

  /** The operation that the request started or polls. */
  get operationId (): string | undefined {
    return this.entry.run?.operationId ?? this.polled
  }

  /** The operation that the request polls. */
  get polled (): string | undefined {
    if (!isPoll(this.operation)) return this.entry.polled
    return this.#nameAfter('operations')?.toLowerCase()
  }

  /** The run command in the body, as far as the body could be read. */
  get command (): SentCommand | undefined {
    if (this.#command === null) this.#command = runsCommand(this.operation) ? commandOf(this.entry) : undefined
    return this.#command
  }

  /** The managed run command that the path names. */
  get runCommandName (): string | undefined {
    return this.#nameAfter('runCommands')
  }

  /** For a poll, the request that started its operation. */
  get start (): JournalCall | undefined {
    const { polled } = this
    const entry = polled === undefined ? undefined : this.#startOf(polled)
    return entry && new JournalCall(entry, this.#startOf)
  }

  /** The path segment after the given one. */
  #nameAfter (segment: string): string | undefined {
    const segments = this.path.split('/')
    const index = segments.findIndex(other => other.toLowerCase() === segment.toLowerCase())
    const name = index < 0 ? undefined : segments[index + 1]
    return name === undefined ? undefined : decoded(name)
  }
}

/** The command of a request. A managed run command has no command id unless it names one. */
function commandOf (entry: KeptRequest): SentCommand | undefined {
  const { deserialized, run, operation } = entry
  const sent = commandIn(deserialized ?? parsed(entry.body()))
  const { commandId, script = run?.document?.script.join('\n'), parameters = {} } = sent
  return commandId === undefined && isRunCommandAction(operation) ? undefined : { commandId, script, parameters }
}

function parsed (body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

function lowerCased (entries: readonly string[]): Call['headers'] {
  return headersOf(entries.map((each, index) => index % 2 === 0 ? each.toLowerCase() : each))
}

function single (value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0]
}
