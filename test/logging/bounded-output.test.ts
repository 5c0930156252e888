import { Writable } from 'node:stream'
import { setImmediate as settled } from 'node:timers/promises'
import t from 'tap'
import { BoundedOutput } from '../../src/logging/bounded-output.js'

const notice = (dropped: number) => `${dropped} were dropped\n`

/** A stream that accepts lines only while `accepts` is true. */
class Sink extends Writable {
  readonly seen: string[] = []
  accepts = true
  #waiting: (() => void) | undefined

  constructor () {
    super({ decodeStrings: false })
  }

  override _write (line: string, _encoding: string, done: () => void): void {
    const finish = () => {
      this.seen.push(line)
      done()
    }
    if (this.accepts) finish()
    else this.#waiting = finish
  }

  resume (): void {
    this.accepts = true
    this.#waiting?.()
  }
}

t.test('writes each line at once and in order', async t => {
  const sink = new Sink()
  const output = new BoundedOutput(sink, notice)
  output.write('one\n')
  output.write('two\n')
  t.strictSame(sink.seen, ['one\n', 'two\n'])
})

t.test('holds at most a mebibyte for a stalled stream, then reports how many lines it dropped', async t => {
  const sink = new Sink()
  const output = new BoundedOutput(sink, notice)
  sink.accepts = false
  const line = `${'x'.repeat(1023)}\n`
  for (let i = 0; i < 3000; i++) output.write(line)
  t.equal(sink.writableLength, 1024 * 1024)
  sink.resume()
  await settled()
  t.strictSame(sink.seen, [...Array(1024).fill(line), '1976 were dropped\n'])
  output.write('next\n')
  t.equal(sink.seen.at(-1), 'next\n')
})

t.test('adds one listener to the stream, however many outputs share it', async t => {
  const sink = new Sink()
  for (let i = 0; i < 20; i++) new BoundedOutput(sink, notice).write('line\n')
  t.equal(sink.listenerCount('error'), 1)
  t.equal(sink.seen.length, 20)
})
