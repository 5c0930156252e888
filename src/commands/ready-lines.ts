import type { RunningEmulator } from '../emulator/emulator.js'
import { DEFAULTS, type Config } from '../options/options.js'

/** What each executor does with a script, for a person who has just started azrun. */
const EXECUTORS: Readonly<Record<Config['executor'], string>> = {
  fixture: 'fixture: returns canned results and runs nothing (--executor shell runs scripts)',
  shell: 'shell: runs scripts on this machine, as this user'
}

/** Says that azrun is ready, with the admin token if azrun chose it. On a terminal, also says what to do next. */
export function readyLines ({ url, httpUrl, port, adminToken }: RunningEmulator, config: Config,
  isTerminal: boolean): string {
  const { executor, host } = config
  // The user knows the token that they gave.
  const token = adminToken === undefined || config.adminToken !== undefined ? '' : `admin token ${adminToken}\n`
  const ready = `azrun listening on ${url}\n${token}`
  if (!isTerminal) return ready
  return `${ready}
  executor  ${EXECUTORS[executor]}
  docs      ${httpUrl}/_emulator/docs
  clients   eval "$(npx azrun env${placeOf(host, port)})"

`
}

/** The options by which `azrun env` finds this azrun. */
function placeOf (host: string, port: number): string {
  return `${host === DEFAULTS.host ? '' : ` --host ${host}`}${port === DEFAULTS.port ? '' : ` --port ${port}`}`
}
