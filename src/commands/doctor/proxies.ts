import { emulatedHosts } from '../../core/clouds.js'
import { UNSET } from '../../environment/inherited.js'
import { note, ok, type Finding, type Surroundings } from './finding.js'

const CURE = 'azrun exec and azrun env replace it'

/** Checks for variables that make clients of this shell bypass azrun. */
export function checkProxies ({ env }: Pick<Surroundings, 'env'>): Finding[] {
  const findings = [...elsewhere(env), ...direct(env), ...inherited(env)]
  if (findings.length > 0) return findings
  return [ok(env['AZRUN_URL'] === undefined ? 'no proxy is set in this shell' : 'the proxy of this shell is azrun')]
}

/** Notes about other proxies. They do not show the addresses, which may contain passwords. */
function elsewhere (env: NodeJS.ProcessEnv): Finding[] {
  const azrun = addressOf(env['AZRUN_URL'])
  return ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy']
    .filter(name => env[name] && (azrun === undefined || addressOf(env[name]) !== azrun))
    .map(name => note(`${name} is not azrun: clients of this shell bypass azrun; ${CURE}`))
}

function direct (env: NodeJS.ProcessEnv): Finding[] {
  return ['NO_PROXY', 'no_proxy'].flatMap(name => {
    const entries = (env[name] ?? '').split(',').map(entry => entry.trim().toLowerCase().replace(/^\*?\./, ''))
    const host = [...emulatedHosts].find(host => entries.some(entry => entry === '*' || host === entry || host.endsWith(`.${entry}`)))
    return host === undefined ? [] : [note(`${name} exempts ${host}: clients of this shell bypass azrun to reach it; ${CURE}`)]
  })
}

function inherited (env: NodeJS.ProcessEnv): Finding[] {
  return Object.entries(UNSET).filter(([name]) => env[name])
    .map(([name, why]) => note(`${name} ${why}: unset it; azrun exec and azrun env do`))
}

function addressOf (url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).host : undefined
}
