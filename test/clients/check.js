/**
 * Runs `azrun check` on real clients, and writes the rules that they keep to rules.json. `npm run generate` makes the
 * tables of docs/client-rules.md from it. If client.json has `checkedMachines`, that command is also checked. It
 * changes power and managed run commands.
 *
 *   npm run check:clients [-- NAME...] [-- --jobs=N] [-- --CHECK-OPTION=VALUE...]
 *
 * NAME is `python` or `python/39`. With options of `azrun check`, rules.json stays as it is. The calls and the output
 * of each run are in .checked/.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { filter, installTools } from '../harness/outside-tools.js'
import { keptRules } from './kept-rules.js'

const FOLDER = fileURLToPath(new URL('.', import.meta.url))
const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
const AS_COMMAND = fileURLToPath(new URL('as-command.js', import.meta.url))
const LOGS = `${FOLDER}.checked/`
const RULES = `${FOLDER}rules.json`

/** In seconds. The longest timeout of a client is 300 s, so a client that waits longer hangs. */
const TIMEOUT = 420

/** The number of clients to check at once. They mostly wait. */
const JOBS = 2

const JOBS_OPTION = /^--jobs=(\d+)$/
const words = process.argv.slice(2).filter(each => each.startsWith('-'))
const options = words.filter(each => !JOBS_OPTION.test(each))
const jobs = words.flatMap(each => JOBS_OPTION.exec(each)?.[1] ?? []).map(Number).at(-1) ?? JOBS

const { tools, code } = await installTools({
  folder: FOLDER,
  manifest: 'client.json',
  isMeant: ({ only, checkedMachines }) => only === undefined || checkedMachines !== undefined
})
mkdirSync(LOGS, { recursive: true })
const runs = tools.flatMap(tool => [
  ...tool.only === undefined ? [{ ...tool, command: commandOf(tool) }] : [],
  ...tool.checkedMachines === undefined ? [] : [{ ...tool, name: `${tool.name} machines`, command: machinesOf(tool) }]
])
const checked = await filter(runs, check, jobs)
process.exitCode = code || (checked.length === runs.length ? 0 : 1)

/** Whether azrun could check the client, whatever rules it violates. */
async function check (client) {
  const { name, command } = client
  const log = `${LOGS}${name.replace(/[/ ]/g, '-')}`
  const all = [`--timeout=${TIMEOUT}`, ...options, '--verbose', `--report=${log}.json`, '--', ...command]
  const env = { ...process.env, ...hostsOf(client) }
  const child = spawn(process.execPath, [CLI, 'check', ...all], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  child.stderr.pipe(createWriteStream(`${log}.txt`))
  createInterface({ input: child.stdout }).on('line', line => console.log(`${name}: ${line}`))
  const [exitCode] = await once(child, 'close')
  const report = exitCode === 0 || exitCode === 1 ? JSON.parse(readFileSync(`${log}.json`, 'utf8')) : undefined
  // If the plain run does not end, azrun runs no scenario.
  if (report === undefined || report.held.length === 1) {
    console.error(`${name}: azrun check failed with ${exitCode}: see ${log}.txt`)
    return false
  }
  if (options.length === 0) keep(name, report)
  return true
}

/** The client's program, or the command that users run instead. */
function commandOf ({ folder, program, checked, checkedWith = [] }) {
  if (checked !== undefined) return inFolder(folder, checked)
  const args = ['--group', 'rg', '--vm', 'vm', '--script', 'df -h', ...checkedWith]
  return [process.execPath, AS_COMMAND, ...inFolder(folder, program), ...args]
}

function machinesOf ({ folder, checkedMachines }) {
  return [process.execPath, AS_COMMAND, ...inFolder(folder, checkedMachines)]
}

function inFolder (folder, words) {
  return words.map(each => /^\.\.?\//.test(each) ? resolve(folder, each) : each)
}

/** The hosts file of a client that resolves names itself instead of its proxy: see docs/clients.md. */
function hostsOf ({ hosts }) {
  if (hosts === undefined) return {}
  const file = `${LOGS}hosts`
  writeFileSync(file, `127.0.0.1 ${hosts.join(' ')}\n`)
  return { JAVA_TOOL_OPTIONS: `-Djdk.net.hosts.file=${file}` }
}

function keep (name, report) {
  const all = { ...JSON.parse(readFileSync(RULES, 'utf8')), [name]: keptRules(report) }
  const sorted = Object.entries(all).sort(([one], [other]) => one.localeCompare(other, 'en', { numeric: true }))
  writeFileSync(RULES, `${JSON.stringify(Object.fromEntries(sorted), undefined, 2)}\n`)
}
