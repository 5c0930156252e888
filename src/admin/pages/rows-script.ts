/**
 * The part of the home page's script that shows requests as rows. It builds no markup, so that what scripts and their
 * output contain is only ever text.
 */
export const rowsScript = `
const MAX_POLLS = 20
const MAX_TEXT = 20_000
const SEVERITIES = { error: 'bad', warning: 'busy', note: 'soft' }

const counted = (number, noun) => number + ' ' + noun + (number === 1 ? '' : 's')
const tag = (text, kind) => element('span', text, { className: 'tag ' + kind })
const pathOf = url => url.replace(/^https?:\\/\\/[^/]+/, '')
const timeOf = text => element('time', text.slice(11, 19) + 'Z', { dateTime: text, title: text })

function parsed (text) {
  try { return JSON.parse(text) } catch {}
}

/** A time in milliseconds as people say it. */
function duration (ms) {
  if (ms < 1000) return ms + ' ms'
  if (ms < 60_000) return (ms / 1000).toFixed(1) + ' s'
  return Math.floor(ms / 60_000) + ' min ' + Math.floor(ms % 60_000 / 1000) + ' s'
}

/** The first line that says what a script does. */
function beginningOf (script) {
  const lines = script.split('\\n').map(line => line.trim()).filter(line => line !== '')
  return (lines[0]?.startsWith('#!') ? lines[1] : lines[0])?.slice(0, 200) ?? ''
}

/** A heading and text below it; nothing without text. */
function block (heading, text) {
  if (!text) return []
  const shown = text.length > MAX_TEXT ? text.slice(0, MAX_TEXT) + '… (' + (text.length - MAX_TEXT) + ' more characters)' : text
  return [element('h4', heading), element('pre', shown)]
}

/** A request: a line that opens. A run command has its operation and polls with it. */
class Row {
  operation
  /** How many there were, and the last ones. */
  pollCount = 0
  polls = []

  constructor (entry) {
    this.entry = entry
    this.findings = [...entry.findings]
    this.scenarios = new Set(entry.scenario?.split(','))
    this.item = element('li')
    this.details = element('details')
    this.summary = element('summary')
    this.body = element('div', '', { className: 'detail' })
    this.details.append(this.summary, this.body)
    this.item.append(this.details)
    this.details.addEventListener('toggle', () => this.fill())
    this.show()
  }

  get isRun () { return this.entry.command !== undefined }

  /** What the filter looks in. */
  get text () {
    const { url, vmName, command = {}, clientRequestId } = this.entry
    return [url, vmName, ...Object.values(command), clientRequestId, this.statusText, ...this.scenarios,
      ...this.findings.map(({ message }) => message)].join(' ').toLowerCase()
  }

  set (changes) {
    Object.assign(this, changes)
    this.show()
  }

  poll ({ time, status, response, findings, scenario }) {
    const state = parsed(response.body)?.status
    this.pollCount++
    this.polls = [...this.polls, { time, text: [status ?? 'cut off', state].filter(Boolean).join(' ') }].slice(-MAX_POLLS)
    this.findings.push(...findings)
    for (const name of scenario?.split(',') ?? []) this.scenarios.add(name)
    this.show()
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
    const { entry: { time, method, url, vmName, command }, item, findings, scenarios, polls, pollCount } = this
    const what = element('span', '', { className: 'what' })
    if (this.isRun) what.append(element('strong', vmName), ' ', command.commandId)
    else what.append(element('span', method, { className: 'method' }), pathOf(url).slice(0, 300))
    const result = element('span', '', { className: 'result' })
    result.append(element('span', this.statusText, { className: this.tone }))
    if (command?.exitCode !== undefined) {
      result.append(element('span', 'exit code ' + command.exitCode, { className: command.exitCode === 0 ? 'good' : 'bad' }))
    }
    const more = element('span', '', { className: 'more' })
    if (command?.script) more.append(element('code', beginningOf(command.script)))
    if (pollCount > 0) more.append(tag(counted(pollCount, 'poll') + ', last ' + polls.at(-1).text, 'soft'))
    for (const name of scenarios) more.append(tag('scenario ' + name, 'scenario'))
    if (findings.length > 0) more.append(tag(counted(findings.length, 'finding'), this.worst))
    this.summary.replaceChildren(timeOf(time), what, result, ...more.childNodes.length > 0 ? [more] : [])
    item.classList.toggle('has-findings', findings.length > 0)
    item.classList.toggle('has-scenario', scenarios.size > 0)
    this.fill()
  }

  get worst () {
    const severity = Object.keys(SEVERITIES).find(each => this.findings.some(finding => finding.severity === each))
    return SEVERITIES[severity] ?? 'soft'
  }

  /** Shows the rest while the row is open. */
  fill () {
    this.body.replaceChildren(...this.details.open ? [this.facts(), ...this.findingList(), ...this.texts()] : [])
  }

  facts () {
    const { operation, entry: { sequence, method, url, status, operationId, clientRequestId, userAgent, command = {} } } = this
    const took = operation?.endTime && duration(Date.parse(operation.endTime) - Date.parse(operation.startTime))
    const list = element('dl', '', { className: 'facts' })
    const facts = { Request: this.isRun && method + ' ' + pathOf(url), Client: userAgent, Response: status ?? 'none',
      'Operation took': took, 'Script ran': command.ranMs !== undefined && duration(command.ranMs),
      'Waited for its turn': command.queuedMs > 0 && duration(command.queuedMs), 'Entry of the journal': sequence,
      Operation: operationId, 'Client request id': clientRequestId }
    for (const [name, value] of Object.entries(facts)) {
      if (!value) continue
      const fact = element('div', '', { className: ['Request', 'Client'].includes(name) ? 'wide' : '' })
      fact.append(element('dt', name), element('dd', value))
      list.append(fact)
    }
    return list
  }

  findingList () {
    if (this.findings.length === 0) return []
    const list = element('ul', '', { className: 'findings' })
    for (const { severity, rule, message, path } of this.findings) {
      const item = element('li')
      item.append(tag(severity, SEVERITIES[severity] ?? 'soft'), ' ' + rule + ': ' + message + (path ? ' ' : ''))
      if (path) item.append(element('code', path))
      list.append(item)
    }
    return [element('h4', 'Findings'), list]
  }

  texts () {
    const { entry: { command, request, response }, operation, polls, pollCount } = this
    if (!this.isRun) return [...block('Body of the request', request.body), ...block('Body of the response', response.body)]
    const stream = (name, text, bytes) => block(bytes > 4096 ? name + ' (the last 4096 of ' + bytes + ' bytes)' : name, text)
    const parameters = Object.entries(command.parameters).map(([name, value]) => name + '=' + value).join('\\n')
    return [
      ...block('Script', command.script), ...block('Parameters', parameters),
      ...stream('Standard output', command.stdout, command.stdoutBytes),
      ...stream('Standard error', command.stderr, command.stderrBytes),
      ...block('Error', operation?.error?.message ?? (operation === undefined ? response.body : undefined)),
      ...block(pollCount > MAX_POLLS ? 'The last ' + MAX_POLLS + ' of ' + pollCount + ' polls' : 'Polls',
        polls.map(({ time, text }) => time.slice(11, 23) + '  ' + text).join('\\n'))
    ]
  }
}
`
