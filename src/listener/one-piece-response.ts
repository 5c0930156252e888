import { ServerResponse, type IncomingMessage } from 'node:http'

type Callback = () => void

/**
 * Sends an answer in chunks that is there as a whole in one piece: node hands head, lengths, content and end to the
 * socket one by one, which is a tenth of what such an answer costs.
 */
export class OnePieceResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  #isBegun = false

  override write (content: unknown, encoding?: unknown, callback?: unknown): boolean {
    this.#isBegun = true
    return super.write(content, encoding as BufferEncoding, callback as Callback)
  }

  override end (content?: unknown, encoding?: unknown, callback?: unknown): this {
    const isWhole = typeof content === 'string' && content !== '' && encoding === undefined && !this.#isBegun
    if (!isWhole || !this.chunkedEncoding) return super.end(content, encoding as BufferEncoding, callback as Callback)
    this.chunkedEncoding = false
    return super.end(`${Buffer.byteLength(content).toString(16)}\r\n${content}\r\n0\r\n\r\n`)
  }
}
