import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fail, note, ok, type Finding, type Surroundings } from './finding.js'

/** Clients that exec and env set up. */
const CLIENTS = ['az', 'python3', 'go', 'java', 'curl']

/** Checks for the programs that --executor shell needs, and lists the clients. */
export function checkPrograms ({ config: { executor }, env }: Surroundings): Finding[] {
  const has = (program: string) => isOnPath(program, env['PATH'])
  const found = CLIENTS.filter(has)
  return [
    has('sh')
      ? ok('sh runs RunShellScript, with --executor shell')
      : (executor === 'shell' ? fail : note)('sh is not on PATH: RunShellScript fails with --executor shell; install it'),
    has('pwsh')
      ? ok('pwsh runs RunPowerShellScript, with --executor shell')
      : note('pwsh is not on PATH: RunPowerShellScript fails with --executor shell; install PowerShell 7'),
    ok(`clients on PATH: ${found.length === 0 ? 'none' : found.join(', ')}`)
  ]
}

function isOnPath (program: string, path = ''): boolean {
  return path.split(delimiter).some(directory => {
    try {
      const file = join(directory, program)
      accessSync(file, constants.X_OK)
      return statSync(file).isFile()
    } catch {
      return false
    }
  })
}
