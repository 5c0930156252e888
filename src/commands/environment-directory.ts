import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { defaultDataDir } from '../data-dir/home.js'
import type { Config } from '../options/config.js'

/**
 * The name of the directory for clients of an azrun. Two azruns may use the same port of different addresses. Windows
 * allows no colons, which IPv6 addresses have.
 */
export function environmentFolder (url: string): string {
  const { hostname, port } = new URL(url)
  return `environment-${hostname.replaceAll(/[^\w.-]/g, '_')}-${port}`
}

/**
 * Removes the directory that `azrun env` wrote for an azrun that has ended, if its port was chosen by the system. An
 * azrun that starts again on a port of the user serves the same clients.
 */
export function removeEnvironment ({ dataDir = defaultDataDir(), port }: Config, url: string): void {
  if (port !== 0 || dataDir === undefined) return
  const directory = join(dataDir, environmentFolder(url))
  // A part of the path may be a file.
  if (existsSync(directory)) rmSync(directory, { recursive: true, force: true })
}
