import { readFileSync } from 'node:fs'

const PAGE = 'docs/client-rules.md'
const CLIENTS = new URL('../test/clients/', import.meta.url)
const TABLE = /^\| Rule \|.*\n(?:\|.*\n)+/gm

/** The columns of the first table: the folders of the clients. */
const GROUPS = ['js', 'python', 'go', 'java', 'dotnet', 'az']

/** The columns of the second table: the clients that were checked with power changes and managed run commands. */
const OF_MACHINES = ['js', 'python', 'go', 'java', 'dotnet', 'go-azure-sdk']

const RULES = Array.from({ length: 13 }, (_, index) => `R${index + 1}`)

const found = readJson('rules.json')

/** The page of rules, with the tables of the results of `npm run check:clients` (test/clients/rules.json). */
export function ruleTables () {
  const tables = [table(GROUPS.map(columnOf)), table(OF_MACHINES.map(columnOfMachines))]
  return { [PAGE]: readFileSync(new URL(`../${PAGE}`, import.meta.url), 'utf8').replace(TABLE, () => tables.shift()) }
}

function columnOf (group) {
  const { title } = readJson(`${group}/client.json`)
  const releases = releasesOf(group)
  return { title: `${title} ${releases.map(({ release }) => release).join(', ')}`, releases }
}

/** The column of a client with the only release that was checked. */
function columnOfMachines (group) {
  const { title } = readJson(`${group}/client.json`)
  const [name, rules] = Object.entries(found).find(([name]) => name.endsWith(' machines') && name.split(/[/ ]/)[0] === group)
  const [, release = ''] = /\/(\S+)/.exec(name) ?? []
  return { title: `${title} ${release}`.trimEnd(), releases: [{ release, rules }] }
}

function table (columns) {
  return [
    ['Rule', ...columns.map(({ title }) => title)],
    ['---', ...columns.map(() => '---')],
    ...RULES.map(rule => [rule, ...columns.map(({ releases }) => cell(releases, rule))])
  ].map(cells => `| ${cells.join(' | ')} |\n`).join('')
}

function releasesOf (group) {
  const { releases } = readJson(`${group}/client.json`)
  return Object.keys(releases)
    .filter(release => releases[release].only === undefined)
    .sort((one, other) => one.localeCompare(other, 'en', { numeric: true }))
    .map(release => ({ release, rules: found[`${group}/${release}`] }))
}

/** Releases with the same text are listed together, or not at all if the text applies to all of them. */
function cell (releases, rule) {
  const releasesByText = new Map()
  for (const { release, rules } of releases) {
    const text = sentence(rules, rule)
    releasesByText.set(text, [...releasesByText.get(text) ?? [], release])
  }
  if (releasesByText.size === 1) return [...releasesByText.keys()][0]
  return [...releasesByText].map(([text, names]) => `${names.join(', ')}: ${text}`).join('<br>')
}

function sentence ({ held, violated, warning }, rule) {
  if (held.includes(rule)) return 'held'
  const broken = Object.entries({ violated, warning }).filter(([, rules]) => rules[rule] !== undefined)
  if (broken.length === 0) return 'no evidence'
  return broken.map(([outcome, rules]) => `${outcome}: ${scenarios(rules[rule])}`).join('; ')
}

function scenarios (names) {
  return names.map(name => name === 'plain' ? 'even without a scenario' : `\`${name}\``).join(', ')
}

function readJson (name) {
  return JSON.parse(readFileSync(new URL(name, CLIENTS), 'utf8'))
}
