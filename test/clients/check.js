/**
 * Runs `azrun check` on real clients, which `npm run test:clients` has installed; docs/clients.md says what it found.
 *
 *   npm run check:clients [-- NAME...] [-- --CHECK-OPTION=VALUE...]     NAME is `python` or `python/39`
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { isInstalled, readTools } from '../harness/outside-tools.js'

const FOLDER = fileURLToPath(new URL('.', import.meta.url))
const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
const AS_COMMAND = fileURLToPath(new URL('as-command.js', import.meta.url))

const options = process.argv.slice(2).filter(each => each.startsWith('-'))
const asked = process.argv.slice(2).filter(each => !each.startsWith('-'))

for (const { name, group, title, folder, lock, program } of readTools(FOLDER, 'client.json')) {
  if (asked.length > 0 && !asked.includes(name) && !asked.includes(group)) continue
  if (!isInstalled({ folder, lock })) {
    console.error(`${name} is not installed: npm run test:clients ${name}`)
    continue
  }
  console.log(`\n${title}`)
  const words = program.map(each => each.startsWith('./') ? `${folder}${each.slice(2)}` : each)
  const command = [process.execPath, AS_COMMAND, ...words, '--group', 'rg', '--vm', 'vm', '--script', 'df -h']
  const child = spawn(process.execPath, [CLI, 'check', ...options, '--', ...command], { stdio: 'inherit' })
  const [code] = await once(child, 'exit')
  process.exitCode ||= code
}
