import { X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { certificateIn, keyIn, layoutOf } from '../../files/data-layout.js'
import { note, ok, type Finding, type Surroundings } from './finding.js'
import type { RunningAzrun } from './running.js'

const MONTH = 30 * 24 * 60 * 60 * 1000

/** azrun's CA, if it has created one. */
export function readAuthority (dataDir: string | undefined): X509Certificate | undefined {
  if (dataDir === undefined) return undefined
  try {
    return new X509Certificate(readFileSync(certificateIn(layoutOf(dataDir).authority)))
  } catch {
    return undefined
  }
}

/** Checks that clients can keep trusting the CA, and that its key is private. */
export function checkAuthority ({ config: { cert }, dataDir, running }: Surroundings): Finding[] {
  if (cert !== undefined) return [ok(`certificate ${cert} of --cert, instead of one signed by azrun's CA`)]
  const authority = readAuthority(dataDir)
  if (dataDir === undefined || authority === undefined) return [ok('no CA yet: azrun creates one at its first start')]
  const directory = layoutOf(dataDir).authority
  const file = certificateIn(directory)
  const end = new Date(authority.validTo)
  const day = end.toISOString().slice(0, 10)
  return [
    end.getTime() - Date.now() > MONTH
      ? ok(`CA ${file}, valid until ${day}`)
      : note(`CA ${file} expires on ${day}: azrun replaces it at its next start, and clients must trust the new one`),
    ...checkKey(keyIn(directory)),
    ...checkRunning(running, dataDir)
  ]
}

/** Checks that the azrun running with this data directory uses the CA that is there now. */
function checkRunning (running: RunningAzrun | undefined, dataDir: string): Finding[] {
  const { url, authority } = running ?? {}
  if (authority === undefined || dirname(authority.file) !== resolve(dataDir)) return []
  const file = certificateIn(layoutOf(dataDir).authority)
  if (authority.pem === readFileSync(file, 'utf8').trim()) return []
  return [note(`the azrun at ${url} uses the CA of ${authority.file}, which another azrun has since replaced with that ` +
    `of ${file}: restart it, and restart its clients with the environment that azrun env prints`)]
}

function checkKey (file: string): Finding[] {
  const mode = statSync(file, { throwIfNoEntry: false })?.mode ?? 0
  // Windows has no modes.
  if (process.platform === 'win32' || (mode & 0o077) === 0) return []
  return [note(`${file} can be read by others (mode 0${(mode & 0o777).toString(8)}): run chmod 600 on it, ` +
    'or remove its directory if it may have been copied')]
}
