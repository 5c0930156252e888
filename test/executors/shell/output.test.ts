import { writeSync } from 'node:fs'
import t, { type Test } from 'tap'
import { OutputFile } from '../../../src/executors/shell/output.js'
import type { Replacement } from '../../../src/executors/shell/replacement.js'
import { execution, run, shellExecutor } from '../../harness/execution.js'

const PIECE = 4 * 2 ** 20

function file (t: Test, content: string): OutputFile {
  const output = new OutputFile(t.testdir())
  t.teardown(() => output.close())
  writeSync(output.fd, content)
  return output
}

function pieces (output: OutputFile, replacement?: Replacement): Buffer[] {
  return [...output.pieces(replacement)]
}

t.test('returns the same pieces each time, and none if it is empty', async t => {
  const output = file(t, 'a'.repeat(PIECE + 1))
  for (let count = 0; count < 2; count++) t.same(pieces(output).map(({ length }) => length), [PIECE, 1])
  t.same(pieces(file(t, '')), [])
  t.same(pieces(file(t, ''), { text: 'a', by: 'b' }), [])
})

t.test('replaces a text, even across the boundary of two pieces', async t => {
  const replacement = { text: '/tmp/é1', by: '/var/lib/ü' }
  for (const before of [0, PIECE - 8, PIECE - 7, PIECE - 4, PIECE - 1, PIECE, PIECE + 1]) {
    const content = `${'x'.repeat(before)}/tmp/é1/tmp//tmp/é1${'y'.repeat(20)}/tmp/é`
    const found = pieces(file(t, content), replacement)
    t.ok(Buffer.concat(found).toString() === content.replaceAll(replacement.text, replacement.by), `after ${before} bytes`)
    t.ok(found.every(({ length }) => length > 0 && length <= PIECE))
  }
})

t.test('splits pieces that the replacement makes too long', async t => {
  const found = pieces(file(t, 'ab'.repeat(PIECE / 2)), { text: 'b', by: 'cd' })
  t.same(found.map(({ length }) => length), [PIECE, PIECE / 2])
  t.ok(Buffer.concat(found).toString() === 'acd'.repeat(PIECE / 2))
})

t.test('the end of a stream is as long after a replacement, whether that makes it shorter or longer', async t => {
  for (const [text, by] of [
    ['/tmp/azrun-0123456789/script', '/é'], ['/a', '/var/lib/waagent/run-command'],
    ['/ééééééééééé/script', '/var/lib/waagent/run-command/download/0'], ['/ééééééééééé/script', '/a/b/c/d/e/f/g/h/i']
  ] as const) {
    for (const content of [text.repeat(20), `${text} `.repeat(20), `x${text}`.repeat(20), text]) {
      const whole = Buffer.from(content.replaceAll(text, by))
      const shown = file(t, content).readEnd(60, { text, by })
      t.ok(whole.toString().endsWith(shown))
      const least = Math.min(whole.length, 60 - 3)
      t.ok(Buffer.byteLength(shown) >= least && Buffer.byteLength(shown) <= 60, `${text}: ${Buffer.byteLength(shown)} bytes`)
    }
  }
})

t.test('sinks receive the directory inside the machine for the directory of the script', async t => {
  const kept: Buffer[] = []
  const sinks = { stdout: { write: (bytes: Buffer) => { kept.push(bytes) } } }
  await run(shellExecutor(t), execution('pwd; echo "$0"', { sinks }))
  t.equal(Buffer.concat(kept).toString(), '/path/in/the/vm\n/path/in/the/vm/script.sh\n')
})

t.test('sinks receive bytes that are not UTF-8 unchanged', async t => {
  const kept: Buffer[] = []
  const sinks = { stdout: { write: (bytes: Buffer) => { kept.push(bytes) } } }
  await run(shellExecutor(t), execution("printf 'a\\377\\000z'", { sinks }))
  t.same(Buffer.concat(kept), Buffer.from([0x61, 0xff, 0, 0x7a]))
})
