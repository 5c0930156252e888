/** The part of the home page's script that fills the rows that are open. */
export const detailScript = `
const MAX_TEXT = 20_000

/** A time in milliseconds for people. */
function duration (ms) {
  if (ms < 1000) return ms + ' ms'
  if (ms < 60_000) return (ms / 1000).toFixed(1) + ' s'
  return Math.floor(ms / 60_000) + ' min ' + Math.floor(ms % 60_000 / 1000) + ' s'
}

/** A heading and text below it; nothing without text. */
function block (heading, text) {
  if (!text) return []
  const shown = text.length > MAX_TEXT ? text.slice(0, MAX_TEXT) + '… (' + (text.length - MAX_TEXT) + ' more characters)' : text
  return [element('h4', heading), element('pre', shown)]
}

/** What the row's line does not say about a request. */
function factsOf ({ isRun, operation, entry }) {
  const { sequence, method, url, status, operationId, clientRequestId, userAgent, command = {} } = entry
  const took = operation?.endTime && duration(Date.parse(operation.endTime) - Date.parse(operation.startTime))
  const list = element('dl', '', { className: 'facts' })
  const facts = { Request: isRun && method + ' ' + pathOf(url), Client: userAgent, Response: status ?? 'none',
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

function findingsOf ({ findings, findingCount }) {
  if (findings.length === 0) return []
  const list = element('ul', '', { className: 'findings' })
  for (const { severity, rule, message, path } of findings) {
    const item = element('li')
    item.append(tag(severity, SEVERITIES[severity] ?? 'soft'), ' ' + rule + ': ' + message + (path ? ' ' : ''))
    if (path) item.append(element('code', path))
    list.append(item)
  }
  const heading = findingCount > findings.length ? 'The first ' + findings.length + ' of ' + findingCount + ' findings' : 'Findings'
  return [element('h4', heading), list]
}

/** What was sent, what a script wrote, and how its operation was polled. */
function textsOf ({ isRun, entry: { command, request, response }, operation, polls, pollCount }) {
  if (!isRun) return [...block('Body of the request', request.body), ...block('Body of the response', response.body)]
  const stream = (name, text, bytes) => block(bytes > 4096 ? name + ' (the last 4096 of ' + bytes + ' bytes)' : name, text)
  const parameters = Object.entries(command?.parameters ?? {}).map(([name, value]) => name + '=' + value).join('\\n')
  return [
    ...block('Script', command?.script), ...block('Parameters', parameters),
    ...stream('Standard output', command?.stdout, command?.stdoutBytes),
    ...stream('Standard error', command?.stderr, command?.stderrBytes),
    ...operation === undefined ? block('Body of the response', response.body) : block('Error', operation.error?.message),
    ...block(pollCount > MAX_POLLS ? 'The last ' + MAX_POLLS + ' of ' + pollCount + ' polls' : 'Polls',
      polls.map(({ time, text }) => time.slice(11, 23) + '  ' + text).join('\\n'))
  ]
}
`
