/**
 * Runs the contract suite over real Azure clients.
 *
 *   npm run test:clients [-- NAME...] [-- --TAP-OPTION...]     needs dist/, which the npm script builds
 *
 * Each folder here with a client.json is a client. One whose tools are missing is left out, and said to be; where CI is
 * set that fails the run. Dependencies come from the client's lock file, and are installed again when that changes.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const PROJECT = fileURLToPath(new URL('../..', import.meta.url))

const options = process.argv.slice(2).filter(each => each.startsWith('-'))
const asked = process.argv.slice(2).filter(each => !each.startsWith('-'))

process.exitCode = await main()

async function main () {
  const all = readdirSync(HERE).filter(name => existsSync(`${HERE}${name}/client.json`))
  const unknown = asked.filter(name => !all.includes(name))
  if (unknown.length > 0) {
    console.error(`no client is called ${unknown.join(', ')}: the clients are ${all.join(', ')}`)
    return 2
  }
  const clients = (asked.length > 0 ? asked : all).map(readClient)
  const complete = await filter(clients, hasItsTools)
  // Two at a time: some load from the network while others compile.
  const installed = await filter(complete, install, 2)
  const code = installed.length > 0 ? await runSuite(installed) : 1
  if (installed.length < complete.length) return 1
  return complete.length < clients.length && process.env.CI ? 1 : code
}

function readClient (name) {
  return { name, folder: `${HERE}${name}/`, ...JSON.parse(readFileSync(`${HERE}${name}/client.json`, 'utf8')) }
}

async function hasItsTools ({ name, needs }) {
  const missing = (await Promise.all(needs.map(missingTool))).filter(Boolean)
  for (const each of missing) console.error(`${name}: ${each}${process.env.CI ? '' : '; left out'}`)
  return missing.length === 0
}

async function missingTool ({ tool, check, minimum, get }) {
  const { code, output } = await run(check, HERE)
  const wanted = minimum === undefined ? tool : `${tool} ${minimum} or newer`
  if (code !== 0) return `${wanted} is needed, and ${check.join(' ')} fails here; get it: ${get}`
  // eslint-disable-next-line no-control-regex -- Maven colours its version.
  const found = /\d+(?:\.\d+)*/.exec(output.replaceAll(/\x1b\[[\d;]*m/g, ''))?.[0]
  return minimum === undefined || isAtLeast(found, minimum)
    ? undefined
    : `${wanted} is needed, and ${found} is here; get it: ${get}`
}

function isAtLeast (found, minimum) {
  return found.localeCompare(minimum, 'en', { numeric: true }) >= 0
}

async function install ({ name, folder, lock, install, build }) {
  const stamp = `${folder}.installed`
  const wanted = createHash('sha256').update(readFileSync(`${folder}${lock}`)).update(JSON.stringify(install)).digest('hex')
  const upToDate = existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted
  for (const command of [...upToDate ? [] : install, ...build]) {
    console.error(`${name}: ${command.join(' ')}`)
    const { code, output } = await run(command, folder)
    if (code !== 0) {
      console.error(`${output}\n${name}: ${command.join(' ')} failed with ${code}`)
      return false
    }
  }
  writeFileSync(stamp, wanted)
  return true
}

async function runSuite (clients) {
  const tap = `${PROJECT}node_modules/.bin/tap`
  const child = spawn(tap, ['run', '--timeout=1200', ...options, 'test/clients/suite.ts'], {
    cwd: PROJECT,
    env: { ...process.env, AZRUN_CLIENTS: clients.map(({ name }) => name).join(',') },
    stdio: 'inherit'
  })
  const [code] = await once(child, 'exit')
  return code ?? 1
}

/** Runs a command to its end; one that does not exist ends with 127, as in a shell. */
async function run ([command, ...args], cwd) {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise(resolve => {
    child.once('close', resolve)
    child.once('error', () => resolve(127))
  })
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)])
  return { code, output: `${stdout}${stderr}` }
}

/** The items of which the test is true, in their order, tested `jobs` at a time. */
async function filter (items, test, jobs = items.length) {
  const results = []
  const queue = items.entries()
  await Promise.all(Array.from({ length: jobs }, async () => {
    for (const [index, item] of queue) results[index] = await test(item)
  }))
  return items.filter((_, index) => results[index])
}
