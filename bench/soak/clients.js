import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { isInstalled, readTools } from '../../test/harness/outside-tools.js'
import { ENV } from '../process.js'

const HERE = fileURLToPath(new URL('../../test/clients/', import.meta.url))
const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
const ARGS = ['--group', 'soak', '--script', 'echo real']

const run = promisify(execFile)

/** The installed real clients that need only the environment. docs/clients.md has the others. */
export function findClients () {
  return readTools(HERE, 'client.json').filter(client => isInstalled(client) && client.hosts === undefined).map(({ name, folder, program, versions }) => {
    const command = program.map(each => each.startsWith('./') ? `${folder}${each.slice(2)}` : each)
    return { name, command, versions: Object.values(versions)[0] }
  })
}

/** The environment of `azrun env` for clients. PATH is the only variable of this process in it. */
export async function environmentOf ({ readyFile, directory }) {
  const { stdout } = await run(process.execPath, [CLI, 'env', '--format', 'json', '--ready-file', readyFile,
    '--data-dir', `${directory}/data`])
  const variables = Object.entries(JSON.parse(stdout)).filter(([, value]) => value !== null)
  return { PATH: ENV.PATH, HOME: directory, ...Object.fromEntries(variables) }
}

/** Runs the real clients one after the other. */
export async function runClients ({ target, until, counts, problems, clients, env }) {
  if (clients.length === 0) return
  for (let count = 0; Date.now() < until && target.isAlive; count++) {
    const { name, command: [file, ...args] } = clients[count % clients.length]
    try {
      const { stdout } = await run(file, [...args, ...ARGS, '--vm', `${name.replace('/', '-')}-${count}`], { env, timeout: 60_000 })
      if (!stdout.includes('real')) problems.push(`${name} printed ${stdout}`)
    } catch (error) {
      problems.push(`${name}: ${error.message}`)
    }
    counts.clients++
    await sleep(500)
  }
}
