import { BASH } from '../../executors/shell/bash.js'
import { findProgram, isProgram as isOnDisk } from '../../executors/shell/programs.js'
import { SH } from '../../executors/shell/sh.js'
import { fail, note, ok, type Finding, type Surroundings } from './finding.js'

/** Clients that exec and env set up. */
const CLIENTS = ['az', 'python3', 'go', 'java', 'curl']

/** Checks for the programs that --executor shell runs, as it finds them, and lists the clients. */
export function checkPrograms ({ config: { executor }, env }: Surroundings, isProgram = isOnDisk): Finding[] {
  const isOnPath = (program: string) => findProgram(program, env['PATH'] ?? '') !== undefined
  const clients = CLIENTS.filter(isOnPath)
  return [
    isProgram(SH)
      ? ok(`${SH} runs RunShellScript, with --executor shell`)
      : (executor === 'shell' ? fail : note)(`there is no ${SH}: RunShellScript fails with --executor shell; install it`),
    isProgram(BASH)
      ? ok(`${BASH} runs managed run commands, with --executor shell`)
      : note(`there is no ${BASH}: managed run commands fail with --executor shell; install bash`),
    isOnPath('pwsh')
      ? ok('pwsh runs RunPowerShellScript, with --executor shell')
      : note('pwsh is not on PATH: RunPowerShellScript fails with --executor shell; install PowerShell 7'),
    ok(`clients on PATH: ${clients.length === 0 ? 'none' : clients.join(', ')}`)
  ]
}
