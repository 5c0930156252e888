/**
 * Installs the outside tools of the tests: real clients, and tools that check a contract. A tool whose needs are
 * missing is skipped with a message, which fails the run if CI is set. Dependencies come from lock files, and are
 * installed again when these change.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))

const options = process.argv.slice(2).filter(each => each.startsWith('-'))
const asked = process.argv.slice(2).filter(each => !each.startsWith('-'))

/**
 * Runs a suite with the installed tools, which it finds as JSON in the environment variable `variable`. Returns the
 * exit code.
 */
export async function runWithTools ({ suite, variable, ...where }) {
  const { tools, code } = await installTools(where)
  if (tools.length === 0) return code || 1
  const ended = await runSuite(suite, { [variable]: JSON.stringify(tools) })
  return code || ended
}

/**
 * Installs the tools that the command line names, or all. Each folder in `folder` with the file `manifest` is a tool,
 * or one for each of the `releases` in the file. `python/29` is the name of a release, and `python` of all those in a
 * folder; `{release}` in the file stands for `29`. Tools for which `isMeant` is false are ignored. The exit code is 0
 * if none is missing.
 */
export async function installTools ({ folder, manifest, isMeant = () => true }) {
  const all = readTools(folder, manifest).filter(isMeant)
  const unknown = asked.filter(each => !all.some(tool => isCalled(tool, each)))
  if (unknown.length > 0) {
    console.error(`there is no ${unknown.join(', ')}: the names are ${all.map(({ name }) => name).join(', ')}`)
    return { tools: [], code: 2 }
  }
  const wanted = asked.length > 0 ? all.filter(tool => asked.some(each => isCalled(tool, each))) : all
  const complete = await filter(wanted, hasItsNeeds)
  const tools = await installAll(complete)
  const isMissing = tools.length < complete.length || (complete.length < wanted.length && process.env.CI)
  return { tools, code: isMissing ? 1 : 0 }
}

function isCalled ({ name, group }, asked) {
  return asked === name || asked === group
}

/** All tools in a folder. */
export function readTools (folder, manifest) {
  return readdirSync(folder).filter(name => existsSync(`${folder}${name}/${manifest}`))
    .flatMap(name => readGroup(folder, name, manifest))
}

/** Whether a tool has been installed, perhaps by an earlier lock file. */
export function isInstalled ({ folder, lock }) {
  return existsSync(stampOf(folder, lock))
}

function stampOf (folder, lock) {
  return `${folder}.installed-${lock}`
}

/** The releases of a folder, oldest first, or its only tool. */
function readGroup (parent, group, manifest) {
  const folder = `${parent}${group}/`
  const { releases, ...common } = JSON.parse(readFileSync(`${folder}${manifest}`, 'utf8'))
  if (releases === undefined) return [{ ...common, name: group, group, folder }]
  return Object.keys(releases).sort((a, b) => isAtLeast(a, b) ? 1 : -1).map(release => {
    const resolved = JSON.parse(JSON.stringify(common).replaceAll('{release}', release))
    const names = { name: `${group}/${release}`, title: `${common.title} ${release}`, group, folder }
    return { ...resolved, ...releases[release], ...names }
  })
}

async function hasItsNeeds ({ name, needs }) {
  const missing = (await Promise.all(needs.map(missingTool))).filter(Boolean)
  for (const each of missing) console.error(`${name}: ${each}${process.env.CI ? '' : '; skipped'}`)
  return missing.length === 0
}

async function missingTool ({ tool, check, minimum, get }) {
  const { code, output } = await run(check, PROJECT)
  const wanted = minimum === undefined ? tool : `${tool} ${minimum} or newer`
  if (code !== 0) return `needs ${wanted}, but ${check.join(' ')} fails; to get it: ${get}`
  // eslint-disable-next-line no-control-regex -- Maven prints its version in color.
  const found = /\d+(?:\.\d+)*/.exec(output.replaceAll(/\x1b\[[\d;]*m/g, ''))?.[0]
  return minimum === undefined || isAtLeast(found, minimum)
    ? undefined
    : `needs ${wanted}, but ${found} is installed; to get it: ${get}`
}

function isAtLeast (found, minimum) {
  return found.localeCompare(minimum, 'en', { numeric: true }) >= 0
}

/** Installs two folders at a time, since some download while others compile. The releases of a folder share caches. */
async function installAll (tools) {
  const groups = [...new Set(tools.map(({ group }) => group))]
  const installed = []
  await filter(groups, async group => {
    installed.push(...await filter(tools.filter(each => each.group === group), install, 1))
  }, 2)
  return tools.filter(each => installed.includes(each))
}

async function install ({ name, folder, lock, install, build }) {
  const stamp = stampOf(folder, lock)
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

async function runSuite (suite, variables) {
  const tap = `${PROJECT}node_modules/.bin/tap`
  const child = spawn(tap, ['run', '--timeout=1200', ...options, suite], {
    cwd: PROJECT,
    env: { ...process.env, ...variables },
    stdio: 'inherit'
  })
  const [code] = await once(child, 'exit')
  return code ?? 1
}

/** Runs a command to its end. The code of a command that does not exist is 127, as in a shell. */
async function run ([command, ...args], cwd) {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise(resolve => {
    child.once('close', resolve)
    child.once('error', () => resolve(127))
  })
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)])
  return { code, output: `${stdout}${stderr}` }
}

/** The items for which the test is true, in order. Tests `jobs` items at a time. */
export async function filter (items, test, jobs = items.length) {
  const results = []
  const queue = items.entries()
  await Promise.all(Array.from({ length: jobs }, async () => {
    for (const [index, item] of queue) results[index] = await test(item)
  }))
  return items.filter((_, index) => results[index])
}
