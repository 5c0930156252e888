import { readdirSync, readFileSync } from 'node:fs'

const SCENARIOS = new URL('../fixtures/scenarios/', import.meta.url)
const SEEN = new URL('../test/clients/named/', import.meta.url)

/** The title of each client of the second table, and its file. */
const CLIENTS = {
  'JavaScript 21': 'arm-compute',
  'JavaScript 25': 'arm-compute-newest',
  Python: 'python',
  Go: 'go',
  Java: 'java',
  '.NET': 'dotnet',
  az: 'az'
}

/** The same for the clients that log in. */
const LOGINS = {
  JavaScript: 'identity',
  Python: 'python-identity',
  Go: 'go-identity',
  Java: 'java-identity',
  '.NET': 'dotnet-identity',
  az: 'az-login'
}

const GROUPS = {
  'Run command': [
    'exit-code-swallowed', 'output-truncated', 'no-script', 'windows-error-stream', 'conflict-in-progress', 'script-ran-twice',
    'unknown-command', 'wrong-os', 'agent-lost', 'agent-timeout', 'vm-deallocated', 'vm-starts-late', 'slow-start', 'vm-vanishes'
  ],
  'Throttling and bad weather': [
    'throttled-seconds', 'throttled-date', 'throttled-ms', 'throttled-twice', 'throttled-forever', 'server-error-then-well',
    'gateway-html', 'poll-fails-once', 'poll-throttled', 'reset-then-well', 'stalls', 'drips', 'truncated-answer'
  ],
  'Long-running operations': [
    'lro-both', 'lro-location-only', 'lro-async-only', 'lro-result-in-status', 'lro-immediate', 'lro-no-content',
    'lro-retry-after-absent', 'lro-retry-after-zero', 'lro-retry-after-junk', 'lro-no-header', 'lro-relative-url',
    'lro-junk-url', 'lro-4kb-url', 'lro-moving-url', 'lro-no-status', 'lro-empty-body', 'lro-invalid-json', 'lro-poll-400',
    'lro-failed', 'lro-canceled', 'lro-expired', 'lro-result-late'
  ],
  'Login and rights': [
    'token-expires-while-polling', 'login-throttled', 'login-down-then-well', 'identity-not-ready', 'claims-challenge',
    'forbidden', 'forbidden-then-granted', 'wrong-tenant'
  ],
  'Eventual consistency': ['vm-not-found-then-found', 'list-lags']
}

const files = new Map(readdirSync(SCENARIOS).map(name => [name.replace(/\.json$/, ''), readJson(new URL(name, SCENARIOS))]))

/** The page of the scenarios in fixtures/scenarios/, with the results of the client tests (test/clients/named/). */
export function namedPage () {
  return { 'docs/scenarios-named.md': page() }
}

function page () {
  const missing = [...files.keys()].filter(name => !Object.values(GROUPS).flat().includes(name))
  if (missing.length > 0) throw new Error(`GROUPS must have ${missing.join(', ')}`)
  return `# Named scenarios

The ${files.size} scenarios that every azrun has: what happens, what a good client does, and what Azure's own clients do. The name of
each links to the report or page that it comes from.

\`Prefer: scenario=NAME\` in a request selects one, without set-up. If the program cannot send the header, like \`az\`, give
\`--scenarios\` the scenario's file, \`node_modules/azrun/fixtures/scenarios/NAME.json\`; that also works for logins.
[scenarios.md](scenarios.md) says how calls are counted, and how to write scenarios of your own.

${Object.entries(GROUPS).map(([title, names]) => `## ${title}\n\n${describe(names)}`).join('\n\n')}

## What Azure's clients report

The clients are JavaScript's \`@azure/arm-compute\` 21 and 25, Python's \`azure-mgmt-compute\` 39, Go's \`armcompute/v8\` 8.4, Java's
\`azure-resourcemanager-compute\` 2.55, \`Azure.ResourceManager.Compute\` 1.11 for .NET, and az 2.91. A result without names is that of
all clients. After "error" is the code that the client shows, which is Azure's or the client's own; an error without a code is
after the name of its client. [clients.md](clients.md#power-scale-sets-and-managed-run-commands) says how a program gets at the code.
"Run commands sent" is more than one if the client sent it again by itself.

The clients have their defaults, with these exceptions. JavaScript polls without a pause. Python, Go and Java poll every second if Azure
does not say when. In \`stalls\`, Python, Java and .NET wait five seconds for a response.

${resultTable(CLIENTS, Object.values(GROUPS).flat())}

## What logins report

The clients log in with a secret, for \`identity-not-ready\` as a managed identity: \`@azure/identity\` 4.14, \`azure-identity\` 1.27
of Python, \`azidentity\` 1.15, \`azure-identity\` 1.19 of Java, \`Azure.Identity\` 1.15 and \`az login\` 2.91. They have their defaults, but Go
asks a managed identity again after a second. "Asked" counts the requests for a token.

${resultTable(LOGINS, Object.keys(readJson(new URL('identity.json', SEEN))))}
`
}

function describe (names) {
  return table(['Scenario', 'What happens', 'What a good client does'], names.map(name => {
    const { description, client, source } = files.get(name)
    return [`[\`${name}\`](${source})`, description, client]
  }))
}

/** The results of the clients in each scenario that they ran in. */
function resultTable (clients, names) {
  const tables = Object.entries(clients).map(([title, file]) => [title, readJson(new URL(`${file}.json`, SEEN))])
  const rows = names.map(name => [name, tables.map(([title, { [name]: seen }]) => [title, seen])])
  const run = rows.filter(([, all]) => all.some(([, { skipped }]) => skipped === undefined))
  return table(['Scenario', 'Result'], run.map(([name, all]) => [`\`${name}\``, resultsOf(all, name)]))
}

/** The results in a scenario, that of the most clients first, each with its clients unless all share it. */
function resultsOf (all, name) {
  const results = [...new Set(all.map(([, seen]) => resultOf(seen, name)))]
  const groups = results.map(result => [result, all.filter(([, seen]) => resultOf(seen, name) === result)])
  return groups.toSorted(([, one], [, other]) => other.length - one.length).map(([result, group]) =>
    group.length === all.length ? result : `${result}: ${inWords(group)}`).join('<br>')
}

/** The clients of a result, with their errors if these have no code. Two releases that are alike have one name. */
function inWords (group) {
  const words = group.map(([title, { error }]) => {
    const own = error === undefined || isWait(error) || codeOf(error) !== undefined ? '' : ` \`${shortened(error)}\``
    return { title, own, name: `${title.replace(/ \d+$/, '')}${own}` }
  })
  const names = words.map(({ title, own, name }) => words.filter(other => other.name === name).length > 1 ? name : `${title}${own}`)
  return [...new Set(names)].join(', ')
}

/** The result or error of a client, in a few words. */
function resultOf ({ returns, error, runs, skipped, logins }, name) {
  if (skipped !== undefined) return `not run, because ${skipped}`
  const sent = runs !== undefined ? `, with ${runs} run commands sent` : logins === undefined ? '' : `, asked ${timesOf(logins)}`
  if (error !== undefined) return `${isWait(error) ? error : errorOf(error)}${sent}`
  if (name === 'list-lags') return 'an empty list'
  if (/^a (?:token|login)$/.test(returns)) return `${returns}${sent}`
  if (['{}', 'null', 'an empty result'].includes(returns)) return `success without output${sent}`
  return `${returns.startsWith('{') ? 'success, with the status as the result' : 'the output'}${sent}`
}

function isWait (error) {
  return error.startsWith('waits')
}

function errorOf (error) {
  const code = codeOf(error)
  return code === undefined ? 'error' : `error \`${code}\``
}

/** The code in an error, such as `Conflict` in `RestError 409 Conflict`. */
function codeOf (error) {
  return /^(?:\w+(?: \d{3})?|exit code \d+:|Error .* has failed\.) (\w+)(?:$|\. )/.exec(error)?.[1]
}

function timesOf (logins) {
  if (logins.endsWith('-')) return 'again and again'
  return logins === '1' ? 'once' : `${logins} times`
}

/** The start of an error, without an uninformative class. */
function shortened (error) {
  const [line] = error.replace(/^Error /, '').split(/\r?\n/)
  return line.length <= 80 ? line : `${line.slice(0, 79)}…`
}

function table (titles, rows) {
  const line = cells => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(titles), line(titles.map(() => '---')), ...rows.map(line)].join('\n')
}

function readJson (url) {
  return JSON.parse(readFileSync(url, 'utf8'))
}
