/**
 * The part of the home page's script that shows requests as rows. It builds no markup, so that scripts and their output
 * stay text.
 */
export const rowsScript = `
const MAX_POLLS = 20
const MAX_FINDINGS = 50
const SEVERITIES = { error: 'bad', warning: 'busy', note: 'soft' }

const counted = (number, noun) => number + ' ' + noun + (number === 1 ? '' : 's')
const tag = (text, kind) => element('span', text, { className: 'tag ' + kind })
const pathOf = url => url.replace(/^https?:\\/\\/[^/]+/, '')
const timeOf = text => element('time', text.slice(11, 19) + 'Z', { dateTime: text, title: text })

function parsed (text) {
  try { return JSON.parse(text) } catch {}
}

/** The first line that says what a script does. */
function beginningOf (script) {
  const lines = script.split('\\n').map(line => line.trim()).filter(line => line !== '')
  return (lines[0]?.startsWith('#!') ? lines[1] : lines[0])?.slice(0, 200) ?? ''
}

/** A request: a line that can be opened. It includes the operation that the request started, and its polls. */
class Row {
  operation
  /** The number of polls, and the last ones. */
  pollCount = 0
  polls = []
  /** The number of findings, and the first ones. */
  findingCount = 0
  findings = []

  constructor (entry) {
    this.entry = entry
    this.scenarios = new Set()
    this.item = element('li')
    this.details = element('details')
    this.summary = element('summary')
    this.body = element('div', '', { className: 'detail' })
    this.details.append(this.summary, this.body)
    this.item.append(this.details)
    this.details.addEventListener('toggle', () => this.fill())
    this.note(entry)
    this.show()
  }

  /** Whether it runs a command or starts another operation. Then it has polls, even if none yet. */
  get isRun () { return this.entry.command !== undefined || this.entry.polls !== undefined }

  /** The target of the operation, and its name. */
  get done () {
    const { method, url, vmName, resourceGroup, command } = this.entry
    const segments = pathOf(url).split(/[?#]/)[0].split('/')
    const after = type => segments[segments.findIndex(each => each.toLowerCase() === type.toLowerCase()) + 1]
    const isManaged = segments.at(-2).toLowerCase() === 'runcommands'
    const name = vmName ?? (segments.some(each => /^virtualMachineScaleSets$/i.test(each)) ? after('virtualMachineScaleSets') : resourceGroup)
    if (command !== undefined) return [name, command.name ?? command.commandId]
    return [name, method === 'POST' ? segments.at(-1) : isManaged ? method + ' ' + segments.at(-1) : method]
  }

  /** The text that the filter searches. */
  get text () {
    const { url, vmName, command = {}, clientRequestId } = this.entry
    return [url, vmName, ...Object.values(command), ...Object.values(command.parameters ?? {}), clientRequestId, this.statusText, ...this.scenarios,
      ...this.findings.map(({ message }) => message)].join(' ').toLowerCase()
  }

  set (changes) {
    Object.assign(this, changes)
    this.show()
  }

  poll (entry) {
    const { time, status, response } = entry
    const state = parsed(response.body)?.status
    this.pollCount++
    this.polls = [...this.polls, { time, text: [status ?? 'cut off', state].filter(Boolean).join(' ') }].slice(-MAX_POLLS)
    this.note(entry)
    this.show()
  }

  /** Adds what azrun says about the request or a poll. */
  note ({ findings, scenario }) {
    this.findingCount += findings.length
    this.findings.push(...findings.slice(0, MAX_FINDINGS - this.findings.length))
    for (const name of scenario?.split(',') ?? []) this.scenarios.add(name)
  }

  get statusText () {
    const { operation, entry: { status, response } } = this
    if (operation?.status === 'InProgress') return 'In progress'
    if (operation !== undefined) return operation.error ? operation.status + ': ' + operation.error.code : operation.status
    if (status === undefined) return 'No response'
    const { error } = parsed(response.body) ?? {}
    return status + (error?.code ?? error ? ' ' + (error.code ?? error) : '')
  }

  get tone () {
    const { operation, entry: { status } } = this
    if (operation !== undefined) return { InProgress: 'busy', Succeeded: 'good' }[operation.status] ?? 'bad'
    return status < 400 ? 'good' : 'bad'
  }

  show () {
    const { entry: { time }, item, findingCount, scenarios } = this
    const more = this.more()
    this.summary.replaceChildren(timeOf(time), this.what(), this.result(), ...more.childNodes.length > 0 ? [more] : [])
    item.classList.toggle('has-findings', findingCount > 0)
    item.classList.toggle('has-scenario', scenarios.size > 0)
    this.fill()
  }

  what () {
    const { method, url } = this.entry
    const what = element('span', '', { className: 'what' })
    const [name, done] = this.isRun ? this.done : []
    if (this.isRun) what.append(element('strong', name), ' ', done)
    else what.append(element('span', method, { className: 'method' }), pathOf(url).slice(0, 300))
    return what
  }

  result () {
    const { exitCode } = this.entry.command ?? {}
    const result = element('span', '', { className: 'result' })
    result.append(element('span', this.statusText, { className: this.tone }))
    if (exitCode !== undefined) result.append(element('span', 'exit code ' + exitCode, { className: exitCode === 0 ? 'good' : 'bad' }))
    return result
  }

  more () {
    const { entry: { command }, polls, pollCount, findingCount, scenarios } = this
    const more = element('span', '', { className: 'more' })
    if (command?.script) more.append(element('code', beginningOf(command.script)))
    if (pollCount > 0) more.append(tag(counted(pollCount, 'poll') + ', last ' + polls.at(-1).text, 'soft'))
    for (const name of scenarios) more.append(tag('scenario ' + name, 'scenario'))
    if (findingCount > 0) more.append(tag(counted(findingCount, 'finding'), this.worst))
    return more
  }

  get worst () {
    const severity = Object.keys(SEVERITIES).find(each => this.findings.some(finding => finding.severity === each))
    return SEVERITIES[severity] ?? 'soft'
  }

  /** Shows the rest while the row is open. */
  fill () {
    this.body.replaceChildren(...this.details.open ? [factsOf(this), ...findingsOf(this), ...textsOf(this)] : [])
  }
}
`
