import { pipeline, Transform } from 'node:stream'
import type { FastifyInstance } from 'fastify'

/** The size of the parts, in bytes. */
const PART = 16 * 1024

/**
 * Joins the chunks of bodies whose length is unknown. Node makes each chunk an object of some 400 bytes, so that a body
 * in chunks of one byte, which are kept until it is complete, would need 400 times its size.
 */
export function addJoinedChunks (app: FastifyInstance): void {
  app.addHook('preParsing', (request, _reply, payload, done) => {
    if (request.headers['transfer-encoding'] === undefined) { done(null, payload); return }
    const joined = new JoinedChunks()
    // The reader of the parts receives an error of the body.
    pipeline(payload, joined, () => {})
    done(null, joined)
  })
}

/** Passes bytes on in parts of a reasonable size. */
class JoinedChunks extends Transform {
  #part = Buffer.allocUnsafe(0)
  #used = 0

  override _transform (chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (chunk.length > this.#part.length - this.#used) this.#pass()
    if (chunk.length >= PART) {
      this.push(chunk)
    } else {
      if (this.#part.length === 0) this.#part = Buffer.allocUnsafe(PART)
      this.#used += chunk.copy(this.#part, this.#used)
    }
    done()
  }

  override _flush (done: () => void): void {
    this.#pass()
    done()
  }

  #pass (): void {
    if (this.#used > 0) this.push(this.#part.subarray(0, this.#used))
    this.#part = Buffer.allocUnsafe(0)
    this.#used = 0
  }
}
