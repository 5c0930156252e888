import { existsSync, rmSync } from 'node:fs'
import { defaultDataDir } from '../data-dir/home.js'
import { layoutOf } from '../files/data-layout.js'
import type { Config } from '../options/config.js'

/**
 * The directory for the files of an azrun's clients. Two azruns may use the same port of different addresses. Windows
 * allows no colons in names, which IPv6 addresses have.
 */
export function environmentDirectory (dataDir: string, url: string): string {
  const { hostname, port } = new URL(url)
  return layoutOf(dataDir).environment(`${hostname.replaceAll(/[^\w.-]/g, '_')}-${port}`)
}

/**
 * Removes the directory that `azrun env` wrote for an azrun that has ended, if the system chose its port. An azrun that
 * starts again on a port that the user chose serves the same clients.
 */
export function removeEnvironment ({ dataDir = defaultDataDir(), port }: Config, url: string): void {
  if (port !== 0 || dataDir === undefined) return
  const directory = environmentDirectory(dataDir, url)
  // A part of the path may be a file.
  if (existsSync(directory)) rmSync(directory, { recursive: true, force: true })
}
