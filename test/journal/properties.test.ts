import t from 'tap'
import { NotVerified, type Expectation } from '../../src/index.js'
import { Journal } from '../../src/journal/journal.js'
import type { Facts, KeptRequest, Texts } from '../../src/journal/kept-request.js'
import { Ring } from '../../src/journal/ring.js'
import { ScriptRun, type ScriptEnd } from '../../src/operations/script-run.js'
import { choicesOf, type Choices } from '../harness/choices.js'
import { FACTS } from '../harness/facts.js'

/** A recorded request, as the simple models below see it. */
interface Sent {
  readonly sequence: number
  readonly vmName: string
  readonly status: number
  readonly size: number
}

/** Records a request about a machine. */
function record (journal: Journal, vmName: string, status = 200, bytes = 0): Sent {
  const sequence = journal.next
  const url = `/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/${vmName}`
  const texts = { url, head: '\nGET\nhttp://x', body: '', response: `HTTP/1.1 ${status}\r\n\r\n${'x'.repeat(bytes)}` }
  journal.record({ ...FACTS, status }, texts)
  return { sequence, vmName, status, size: Object.values(texts).join('').length }
}

/** Whether a text matches a pattern in which `*` is any text. */
const isLike = (pattern: string, text: string) => new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(text)

t.test('the journal keeps, evicts, clears and lists the same entries as a plain list of them', async t => {
  for (let seed = 0; seed < 20; seed++) {
    const { below, pick, chance } = choicesOf(seed)
    const capacity = pick([1, 10, 300])
    const maxBytes = pick([2000, 50_000, Infinity])
    const journal = new Journal({ capacity, maxBytes })
    let kept: Sent[] = []
    let evicted = 0
    for (let step = 0; step < 40; step++) {
      for (let count = pick([0, 1, 5, 100]); count > 0; count--) {
        kept.push(record(journal, pick(['vm1', 'vm2', 'db']), pick([200, 404]), pick([0, 10, 1000])))
        while (kept.length > capacity || kept.reduce((sum, { size }) => sum + size, 0) > maxBytes) {
          kept.shift()
          evicted++
        }
      }
      const filter = {
        ...chance(0.5) && { vmName: pick(['vm1', 'vm*', '*b', 'v*2']) },
        ...chance(0.3) && { status: 404 },
        ...chance(0.3) && { since: below(journal.next) }
      }
      const { vmName = '*', status, since = 0 } = filter
      const isFound = (sent: Sent) =>
        isLike(vmName, sent.vmName) && (status ?? sent.status) === sent.status && sent.sequence > since
      const found = kept.filter(isFound)
      if (chance(0.1)) {
        if (journal.clear(filter) !== found.length) t.fail(`seed ${seed}: ${JSON.stringify(filter)} clears another number`)
        kept = kept.filter(sent => !isFound(sent))
        continue
      }
      const top = pick([undefined, 0, 3])
      const page = journal.list({ ...filter, top })
      const listed = [page.value.map(({ sequence }) => sequence), page.total, page.evicted]
      const expected = [found.slice(0, top).map(({ sequence }) => sequence), found.length, evicted]
      if (`${listed}` !== `${expected}`) t.strictSame(listed, expected, `seed ${seed}: ${JSON.stringify(filter)}`)
    }
  }
})

/** A request as it was added to a ring. */
interface Added {
  readonly sequence: number
  readonly facts: Facts
  readonly texts: Texts
  size: number
}

/** The end of a script with this many characters of output. */
function endOf (length: number): ScriptEnd {
  return { exitCode: 0, output: { stdout: 'o'.repeat(length), stderr: 'e', stdoutBytes: length, stderrBytes: 1 } }
}

function outputSize (run: ScriptRun | undefined): number {
  return run?.output === undefined ? 0 : run.output.stdout.length + run.output.stderr.length
}

function added (sequence: number, { below, pick, chance }: Choices): Added {
  const response = `response ${sequence} `.padEnd(chance(0.98) ? pick([20, 20, 2000]) : pick([32_000, 40_000]), '.')
  const texts = { url: `/${sequence}`, head: '\nGET', body: chance(0.5) ? `body ${sequence}` : '', response }
  const run = chance(0.3) ? Object.assign(new ScriptRun(), { operationId: `operation ${sequence}` }) : undefined
  if (chance(0.3)) run?.end(endOf(below(4096)), 0)
  const facts: Facts = {
    time: below(1e9),
    durationMs: below(100),
    operation: pick([undefined, 'VirtualMachines_Get', 'VirtualMachines_RunCommand']),
    hasBody: texts.body !== '',
    deserialized: undefined,
    leniencies: chance(0.1) ? new Set([`leniency ${sequence}`]) : undefined,
    scenarios: chance(0.1) ? [`scenario ${sequence}`] : undefined,
    run,
    polled: chance(0.1) ? `polled ${sequence}` : undefined,
    status: pick([undefined, 200, 404]),
    isCut: chance(0.1)
  }
  return { sequence, facts, texts, size: Object.values(texts).join('').length + outputSize(run) }
}

/** Whether an entry of a ring is what was added: the same objects, not equal ones. */
function isSame (entry: KeptRequest | undefined, { sequence, facts, texts }: Added): boolean {
  return entry?.sequence === sequence && entry.eventId === sequence + 1 &&
    Object.entries(facts).every(([name, value]) => entry[name as keyof Facts] === value) &&
    entry.head() === texts.url + texts.head && entry.body() === texts.body && entry.response() === texts.response
}

t.test('a ring keeps, evicts and finds the same requests as a plain list, with their scripts and texts', async t => {
  let evictions = 0
  for (let seed = 0; seed < 10; seed++) {
    const choices = choicesOf(seed)
    const { below, pick, chance } = choices
    const [capacity, maxBytes] = [pick([1, 10, 700]), pick([3000, 300_000, Infinity])]
    const evicted: number[] = []
    const ring = new Ring({ capacity, maxBytes, onEvicted: ({ sequence }) => evicted.push(sequence) })
    let [all, kept, gone]: [Added[], Added[], number[]] = [[], [], []]
    const evict = () => {
      let bytes = kept.reduce((sum, { size }) => sum + size, 0)
      for (; kept.length > capacity || bytes > maxBytes; bytes -= kept.shift()!.size) gone.push(kept[0]!.sequence)
    }
    for (let step = 0; step < 30; step++) {
      for (let count = pick([0, 1, 5, 300]); count > 0; count--) {
        const request = added(all.length + 1, choices)
        all.push(request)
        kept.push(request)
        ring.add(request.sequence, request.sequence + 1, request.facts, request.texts)
        evict()
      }
      for (const request of all.slice(-400)) {
        const { sequence, facts: { run } } = request
        if (run === undefined || run.output !== undefined || chance(0.8)) continue
        run.end(endOf(below(4096)), 0)
        ring.addOutput(sequence)
        request.size += outputSize(run)
        evict()
      }
      if (chance(0.3)) {
        const share = pick([0.1, 0.9, 1])
        const removed = new Set(kept.filter(() => chance(share)).map(({ sequence }) => sequence))
        ring.remove([...removed])
        kept = kept.filter(({ sequence }) => !removed.has(sequence))
      } else if (chance(0.1)) {
        ring.clear()
        kept = []
      }
      const entries = [...ring]
      const counts = [ring.size, entries.length, evicted.join(), ring.evicted]
      const known = new Set(kept.map(({ sequence }) => sequence))
      const isEqual = `${counts}` === `${[kept.length, kept.length, gone.join(), gone.length]}` &&
        kept.every((request, index) => isSame(entries[index], request)) &&
        all.slice(-400).every(({ sequence, facts: { run } }) => {
          const found = known.has(sequence) ? sequence : undefined
          return ring.get(sequence)?.sequence === found &&
            (run === undefined || ring.startOf(run.operationId)?.sequence === found)
        })
      if (!isEqual) t.fail(`seed ${seed}, step ${step}: ${counts}`)
    }
    evictions += evicted.length
  }
  t.ok(evictions > 1000, `${evictions} evictions`)
})

/** The least and the greatest number of requests that an expectation allows. */
function rangeOf ({ times = '1-' }: Expectation): readonly [number, number] {
  const [from, to = from] = times.split('-')
  return [Number(from), to === '' ? Infinity : Number(to)]
}

/** Whether these requests, all of which some expectation matches, can be divided into those of each in order. */
function isInOrder (names: readonly string[], [first, ...others]: readonly Expectation[]): boolean {
  if (first === undefined) return names.length === 0
  const [min, max] = rangeOf(first)
  for (let count = 0; count <= names.length && count <= max; count++) {
    if (count > 0 && !isMatch(first, names[count - 1]!)) return false
    if (count >= min && isInOrder(names.slice(count), others)) return true
  }
  return false
}

function isCounted (names: readonly string[], expectations: readonly Expectation[]): boolean {
  return expectations.every(expectation => {
    const [min, max] = rangeOf(expectation)
    const { length } = names.filter(name => isMatch(expectation, name))
    return length >= min && length <= max
  })
}

function isMatch ({ match: { vmName = '*' } }: Expectation, name: string): boolean {
  return isLike(vmName, name)
}

function expectationOf ({ below, pick }: Choices): Expectation {
  const [min, more] = [below(4), below(3)]
  const times = pick([undefined, '0', '1', `${min}`, `${min}-`, `${min}-${min + more}`])
  return { match: { vmName: pick(['a1', 'a2', 'a*', '*1', 'b', '*']) }, ...times !== undefined && { times } }
}

t.test('expectations are met if the requests can be counted, or divided in order, as they say', async t => {
  const results = new Map<string, number>()
  for (let seed = 0; seed < 600; seed++) {
    const choices = choicesOf(seed)
    const { below, pick, chance } = choices
    const journal = new Journal()
    const names = Array.from({ length: below(8) }, () => pick(['a1', 'a2', 'b', 'c']))
    for (const name of names) record(journal, name)
    const expectations = Array.from({ length: 1 + below(3) }, () => expectationOf(choices))
    const inOrder = chance(0.6)
    const expected = inOrder
      ? isInOrder(names.filter(name => expectations.some(expectation => isMatch(expectation, name))), expectations)
      : isCounted(names, expectations)
    const met = await journal.verify(expectations, { inOrder }).then(() => true, (error: unknown) => {
      if (error instanceof NotVerified && error.failures.length > 0) return false
      throw error
    })
    if (met !== expected) t.equal(met, expected, `seed ${seed}: ${names.join()} ${JSON.stringify({ expectations, inOrder })}`)
    const result = `${inOrder} ${met}`
    results.set(result, (results.get(result) ?? 0) + 1)
  }
  t.strictSame([...results.values()].map(count => count > 30), [true, true, true, true], 'each result occurs often')
})
