import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'

/** A tool of a server, with what it says about itself. */
export interface Tool {
  readonly name: string
  readonly annotations: { readonly readOnlyHint: boolean }
}

/** What a tool returned. */
export interface ToolResult {
  readonly isError: boolean
  readonly content: readonly { readonly type: string, readonly text: string }[]
}

interface Message {
  readonly id?: number
  readonly method?: string
  readonly result?: unknown
  readonly error?: { readonly message: string }
}

/**
 * A session with a server of the Model Context Protocol, over its stdin and stdout, as an agent has it. Its user
 * consents to everything. It sends one request at a time.
 */
export class McpSession {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>
  readonly #lines: AsyncIterator<string>
  readonly #stderr: Promise<string>
  readonly #closed: Promise<unknown[]>
  #lastId = 0

  constructor ([command, ...args]: readonly string[], env: Record<string, string>) {
    this.#child = spawn(command!, args, { env, stdio: ['pipe', 'pipe', 'pipe'] })
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
    this.#stderr = text(this.#child.stderr)
    this.#closed = once(this.#child, 'close')
  }

  /** Begins the session, and returns the server's name. */
  async initialize (): Promise<string> {
    const { serverInfo } = await this.#request<{ serverInfo: { name: string } }>('initialize', {
      protocolVersion: '2025-06-18',
      capabilities: { elicitation: {} },
      clientInfo: { name: 'test', version: '1.0.0' }
    })
    this.#send({ method: 'notifications/initialized' })
    return serverInfo.name
  }

  async tools (): Promise<readonly Tool[]> {
    return (await this.#request<{ tools: readonly Tool[] }>('tools/list', {})).tools
  }

  async call (name: string, args: object): Promise<ToolResult> {
    return await this.#request<ToolResult>('tools/call', { name, arguments: args })
  }

  /** Ends the session, and returns the exit code of the server. */
  async close (): Promise<number> {
    this.#child.stdin.end()
    const [code] = await this.#closed
    return code as number
  }

  async #request<Result> (method: string, params: object): Promise<Result> {
    const id = ++this.#lastId
    this.#send({ id, method, params })
    for (;;) {
      const message = await this.#receive()
      if (message.method === 'elicitation/create') {
        this.#send({ id: message.id, result: { action: 'accept', content: { decision: 'accept' } } })
      } else if (message.method === undefined && message.id === id) {
        if (message.error !== undefined) throw new Error(`${method}: ${message.error.message}`)
        return message.result as Result
      }
    }
  }

  #send (message: object): void {
    this.#child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  }

  /** The next message. Skips lines that are none: without a display, a library of the server says so on stdout. */
  async #receive (): Promise<Message> {
    for (;;) {
      const { value, done } = await this.#lines.next()
      if (done === true) throw new Error(`the server ended: ${await this.#stderr}`)
      if (value.startsWith('{')) return JSON.parse(value)
    }
  }
}
