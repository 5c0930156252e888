import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import t from 'tap'
import { AUTHORIZATION, build, runCommandUrl } from '../harness/emulator.js'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

/** The size limit of a body in bytes. */
const LARGEST = 4 * 1024 * 1024

/** A body of that size that repeats a part. */
function body (beginning: string, repeated: string, end: string): Buffer {
  const times = Math.floor((LARGEST - beginning.length - end.length) / repeated.length)
  return Buffer.from(beginning + repeated.repeat(times) + end)
}

const COMMAND = '{"commandId":"RunShellScript"'

/** Valid bodies, with which the others are compared. */
const VALID = [body(`${COMMAND},"script":[""`, ',""', ']}'), body(`${COMMAND},"script":["`, '#', '"]}')]

/** Bodies that are accepted although the contract forbids them. azrun converts each of two million numbers. */
const CONVERTED: Readonly<Record<string, Buffer>> = {
  'numbers for lines': body(`${COMMAND},"script":[1`, ',1', ']}'),
  'numbers that are slow to format': body(`${COMMAND},"script":[1`, ',1.2345678901234567e-9', ']}')
}

const REFUSED: Readonly<Record<string, Buffer>> = {
  'an invalid line at the end': body(`${COMMAND},"script":[""`, ',""', ',{}]}'),
  'lists for lines': body(`${COMMAND},"script":[[]`, ',[]', ']}'),
  'an unterminated list': body(`${COMMAND},"script":["a"`, ',"x"', ''),
  'an unterminated string': body(`${COMMAND},"script":["`, '\\n', ''),
  commas: body(`${COMMAND},"script":["a"`, ',', ']}'),
  'many levels': body('{"commandId":', '[', ''),
  'unknown members': body(COMMAND, ',"x":1', '}'),
  'repeated members': body(COMMAND, ',"commandId":1', '}'),
  'parameters without members': body(`${COMMAND},"parameters":[{}`, ',{}', ']}'),
  'lines before the error': body(COMMAND, '\n', ',"x":1}'),
  'space before the error': body('', ' ', 'x'),
  'an unterminated comment': body('/*', '*', ''),
  'a long name': body('{"', 'x', '":1}'),
  'a long number': body('{"commandId":', '1', '}'),
  'escapes of JavaScript': body(`${COMMAND},"script":["`, "\\'", '"]}')
}

/** The cost of handling a body. */
interface Cost {
  /** Milliseconds of CPU time, which other tests do not increase. */
  readonly ms: number
  /** How much the peak of the process's memory rose, in MB. */
  readonly mb: number
}

/** Only Linux can reset the memory peak of a process. */
const HAS_PEAKS = existsSync('/proc/self/clear_refs')

function resetPeak (): void {
  if (HAS_PEAKS) writeFileSync('/proc/self/clear_refs', '5')
}

/** In MB; 0 on other systems. */
function peak (): number {
  return HAS_PEAKS ? Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))![1]) / 1024 : 0
}

t.test('a large invalid body takes little more time and memory than a valid one', async t => {
  const { app } = await build(t)
  const once = async (payload: Buffer): Promise<Cost> => {
    collectGarbage()
    resetPeak()
    const [began, before] = [process.cpuUsage(), peak()]
    await app.inject({ method: 'POST', url: runCommandUrl(), headers: { ...AUTHORIZATION, 'content-type': 'application/json' }, payload })
    const { user, system } = process.cpuUsage(began)
    return { ms: (user + system) / 1000, mb: peak() - before }
  }
  /** Measures again if the first time exceeded the limit. */
  const costOf = async (payload: Buffer, limit = 0): Promise<Cost> => {
    const first = await once(payload)
    if (first.ms < limit) return first
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
      const limit = 3 * valid.ms + 400
      const { ms, mb } = await costOf(payload, limit)
      t.ok(ms < limit, `${name}: ${Math.round(ms)} ms; a valid body: ${Math.round(valid.ms)} ms`)
      t.ok(mb < valid.mb + more, `${name}: ${Math.round(mb)} MB; a valid body: ${Math.round(valid.mb)} MB`)
    }
  }
  // A list of two million lines is copied as it grows, and the copies are collected at different times in each run.
  await compare(CONVERTED, 120)
  await compare(REFUSED, 60)
})
