import { readFileSync } from 'node:fs'

const PAGE = 'docs/clients.md'
const CLIENTS = new URL('../test/clients/', import.meta.url)
const TABLE = /^\| Rule \|.*\n(?:\|.*\n)+/gm

/** The columns of the first table: the folders of the clients. */
const GROUPS = ['js', 'python', 'go', 'java', 'az']

/** Those of the second: the clients that were checked while they change power and managed run commands. */
const OF_MACHINES = ['js', 'python', 'go', 'java', 'go-azure-sdk']

const RULES = Array.from({ length: 13 }, (_, index) => `R${index + 1}`)

const found = readJson('rules.json')

/** The page of clients with the tables of rules that `npm run check:clients` found (test/clients/rules.json). */
export function ruleTables () {
  const tables = [table(GROUPS.map(columnOf)), table(OF_MACHINES.map(columnOfMachines))]
  return { [PAGE]: readFileSync(new URL(`../${PAGE}`, import.meta.url), 'utf8').replace(TABLE, () => tables.shift()) }
}

function columnOf (group) {
  const { title } = readJson(`${group}/client.json`)
  const releases = releasesOf(group)
  return { title: `${title} ${releases.map(({ release }) => release).join(', ')}`, releases }
}

/** Of the one release that was checked. */
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

/** Releases of which the same is said are named together, and not at all if they are all. */
function cell (releases, rule) {
  const said = new Map()
  for (const { release, rules } of releases) {
    const text = sentence(rules, rule)
    said.set(text, [...said.get(text) ?? [], release])
  }
  if (said.size === 1) return [...said.keys()][0]
  return [...said].map(([text, of]) => `${of.join(', ')}: ${text}`).join('<br>')
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
