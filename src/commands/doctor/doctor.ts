import { defaultDataDir } from '../../data-dir/home.js'
import { print } from '../print.js'
import { checkAuthority } from './authority.js'
import { checkDataDirectory } from './data-directory.js'
import type { Check, Surroundings } from './finding.js'
import { checkNode } from './node.js'
import { checkPort } from './port.js'
import { checkPrograms } from './programs.js'
import { checkProxies } from './proxies.js'
import { runningAt } from './running.js'
import { checkTrust } from './trust.js'

const CHECKS: readonly Check[] =
  [checkNode, checkDataDirectory, checkAuthority, checkTrust, checkProxies, checkPort, checkPrograms]

/** Prints a line for each finding. The exit code is 0 if azrun can run. */
export async function doctor (given: Omit<Surroundings, 'dataDir' | 'running'>): Promise<void> {
  const { config } = given
  const running = config.port === 0 ? undefined : await runningAt(config)
  const surroundings = { ...given, running, dataDir: config.dataDir ?? defaultDataDir() }
  const findings = []
  for (const check of CHECKS) findings.push(...await check(surroundings))
  await print(findings.map(({ status, text }) => `${status.padEnd(4)}  ${text}\n`).join(''))
  process.exitCode = findings.some(({ status }) => status === 'fail') ? 1 : 0
}
