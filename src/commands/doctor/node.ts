import { fail, note, ok, type Finding, type Surroundings } from './finding.js'

/** The oldest release that azrun runs on, as in package.json. */
const OLDEST = [20, 19]

/** For each major release, the minor since which `fetch` and `https` support NODE_USE_ENV_PROXY. */
const WITH_PROXY: Readonly<Record<number, number>> = { 22: 21, 24: 5 }

/** Checks that azrun runs on this Node.js, and that the `fetch` of clients reaches azrun. */
export function checkNode ({ node }: Pick<Surroundings, 'node'>): Finding[] {
  const [major = 0, minor = 0] = node.split('.').map(Number)
  if (major < OLDEST[0]! || (major === OLDEST[0] && minor < OLDEST[1]!)) {
    return [fail(`Node.js ${node} is too old: install ${OLDEST.join('.')} or newer`)]
  }
  const needed = WITH_PROXY[major] ?? (major > 24 ? 0 : Infinity)
  if (minor >= needed) return [ok(`Node.js ${node}`)]
  return [ok(`Node.js ${node}`), note(`fetch and https of Node.js ${node} ignore the proxy that exec and env set, ` +
    "though Azure's SDK does not: use 22.21, 24.5 or newer, or undici's EnvHttpProxyAgent")]
}
