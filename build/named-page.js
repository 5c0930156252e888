import { readdirSync, readFileSync } from 'node:fs'

const SCENARIOS = new URL('../fixtures/scenarios/', import.meta.url)
const SEEN = new URL('../test/clients/named/', import.meta.url)

/** The columns of the second table: the title of each client, and its file. */
const CLIENTS = {
  '@azure/arm-compute 21': 'arm-compute',
  '@azure/arm-compute 25': 'arm-compute-newest',
  'azure-mgmt-compute 39': 'python',
  'Azure.ResourceManager.Compute 1.11': 'dotnet',
  'az 2.91': 'az'
}

/** The same for the clients that log in. */
const LOGINS = {
  '@azure/identity 4.14': 'identity',
  'azure-identity 1.27': 'python-identity',
  'Azure.Identity 1.15': 'dotnet-identity',
  'az login 2.91': 'az-login'
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

The clients have their defaults, with these exceptions: JavaScript polls without a pause, Python polls every second if Azure does
not say when, and Python and .NET have a timeout of two seconds in \`stalls\`. "With 2 run commands sent" means that the client sent
the run command again by itself.

${table(['Scenario', ...Object.keys(CLIENTS)], seenRows(CLIENTS, Object.values(GROUPS).flat()))}

## What logins report

The clients log in with a secret, for \`identity-not-ready\` as a managed identity, and have their defaults. "Asked" counts the
requests for a token.

${table(['Scenario', ...Object.keys(LOGINS)], seenRows(LOGINS, Object.keys(readJson(new URL('identity.json', SEEN)))))}
`
}

function describe (names) {
  return table(['Scenario', 'What happens', 'What a good client does'], names.map(name => {
    const { description, client, source } = files.get(name)
    return [`[\`${name}\`](${source})`, description, client]
  }))
}

function seenRows (clients, names) {
  const tables = Object.values(clients).map(name => readJson(new URL(`${name}.json`, SEEN)))
  return names.map(name => [`\`${name}\``, ...tables.map(({ [name]: seen }) => resultOf(seen, name))])
}

/** The result or error of a client, in a few words. */
function resultOf ({ returns, error, runs, skipped, logins }, name) {
  if (skipped !== undefined) return `not run: ${skipped}`
  const sent = runs !== undefined ? `, with ${runs} run commands sent` : logins === undefined ? '' : `, asked ${timesOf(logins)}`
  if (error !== undefined) return `${/^waits/.test(error) ? error : `error: \`${shortened(error)}\``}${sent}`
  if (name === 'list-lags') return 'an empty list'
  if (/^a (?:token|login)$/.test(returns)) return `${returns}${sent}`
  if (['{}', 'null', 'an empty result'].includes(returns)) return `success without output${sent}`
  return `${returns.startsWith('{') ? 'success, with the status as the result' : 'the output'}${sent}`
}

function timesOf (logins) {
  if (logins.endsWith('-')) return 'again and again'
  return logins === '1' ? 'once' : `${logins} times`
}

/** The first line of an error, without an uninformative class. */
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
