import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import t from 'tap'
import { AUTHORIZATION, build, runCommandUrl } from '../harness/emulator.js'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

/** The largest body that is accepted, in bytes. */
const LARGEST = 4 * 1024 * 1024

/** A body of that size, with a part that is repeated. */
function body (beginning: string, repeated: string, end: string): Buffer {
  const times = Math.floor((LARGEST - beginning.length - end.length) / repeated.length)
  return Buffer.from(beginning + repeated.repeat(times) + end)
}

const COMMAND = '{"commandId":"RunShellScript"'

/** Bodies that nothing is wrong with: the measure for the others. */
const VALID = [body(`${COMMAND},"script":[""`, ',""', ']}'), body(`${COMMAND},"script":["`, '#', '"]}')]

/** Bodies that are accepted although the contract forbids them: each of two million numbers is converted. */
const CONVERTED: Readonly<Record<string, Buffer>> = {
  'numbers for lines': body(`${COMMAND},"script":[1`, ',1', ']}'),
  'numbers that take long to print': body(`${COMMAND},"script":[1`, ',1.2345678901234567e-9', ']}')
}

const REFUSED: Readonly<Record<string, Buffer>> = {
  'a wrong line at the end': body(`${COMMAND},"script":[""`, ',""', ',{}]}'),
  'lists for lines': body(`${COMMAND},"script":[[]`, ',[]', ']}'),
  'a list that does not end': body(`${COMMAND},"script":["a"`, ',"x"', ''),
  'a string that does not end': body(`${COMMAND},"script":["`, '\\n', ''),
  commas: body(`${COMMAND},"script":["a"`, ',', ']}'),
  'many levels': body('{"commandId":', '[', ''),
  'members that are unknown': body(COMMAND, ',"x":1', '}'),
  'members that are repeated': body(COMMAND, ',"commandId":1', '}'),
  'parameters without members': body(`${COMMAND},"parameters":[{}`, ',{}', ']}'),
  'lines before the error': body(COMMAND, '\n', ',"x":1}'),
  'space before the error': body('', ' ', 'x'),
  'a comment that does not end': body('/*', '*', ''),
  'a long name': body('{"', 'x', '":1}'),
  'a long number': body('{"commandId":', '1', '}'),
  'escapes of JavaScript': body(`${COMMAND},"script":["`, "\\'", '"]}')
}

/** What handling a body took. */
interface Cost {
  /** Milliseconds of the CPU, which other tests do not make longer. */
  readonly ms: number
  /** The most memory that the process held meanwhile, above what it held before, in MB. */
  readonly mb: number
}

/** Linux counts the peak of a process anew when told to; other systems only know that of its whole life. */
const HAS_PEAKS = existsSync('/proc/self/clear_refs')

function startPeak (): void {
  if (HAS_PEAKS) writeFileSync('/proc/self/clear_refs', '5')
}

function peak (): number {
  return HAS_PEAKS ? Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))![1]) / 1024 : 0
}

t.test('a large body that is wrong takes little longer and little more memory than a valid one', async t => {
  const { app } = await build(t)
  const once = async (payload: Buffer): Promise<Cost> => {
    collectGarbage()
    startPeak()
    const [began, before] = [process.cpuUsage(), peak()]
    await app.inject({ method: 'POST', url: runCommandUrl(), headers: { ...AUTHORIZATION, 'content-type': 'application/json' }, payload })
    const { user, system } = process.cpuUsage(began)
    return { ms: (user + system) / 1000, mb: peak() - before }
  }
  /** Of the second time, if the first took longer than it may. */
  const costOf = async (payload: Buffer, mayTake = 0): Promise<Cost> => {
    const first = await once(payload)
    if (first.ms < mayTake) return first
    const second = await once(payload)
    return { ms: Math.min(first.ms, second.ms), mb: Math.max(first.mb, second.mb) }
  }
  const valid = { ms: 0, mb: 0 }
  for (const payload of VALID) {
    const { ms, mb } = await costOf(payload)
    Object.assign(valid, { ms: Math.max(ms, valid.ms), mb: Math.max(mb, valid.mb) })
  }
  const compare = async (bodies: typeof REFUSED, more: number) => {
    for (const [name, payload] of Object.entries(bodies)) {
      const mayTake = 3 * valid.ms + 400
      const { ms, mb } = await costOf(payload, mayTake)
      t.ok(ms < mayTake, `${name}: ${Math.round(ms)} ms, and a valid body ${Math.round(valid.ms)} ms`)
      t.ok(mb < valid.mb + more, `${name}: ${Math.round(mb)} MB, and a valid body ${Math.round(valid.mb)} MB`)
    }
  }
  // A list of two million lines is copied as it grows, and when the copies are collected differs from run to run.
  await compare(CONVERTED, 120)
  await compare(REFUSED, 60)
})
