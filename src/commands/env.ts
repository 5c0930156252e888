import { join } from 'node:path'
import type { Config } from '../config.js'
import { formats, type Format } from '../environment/formats.js'
import { UsageError } from '../usage-error.js'
import { clientEnvironment } from './client-environment.js'
import { findRunning } from './running.js'

/** A command line as env's own option and those of all commands. Throws a `UsageError` for an unknown format. */
export function takeFormat (argv: readonly string[]): { options: readonly string[], format: Format } {
  const at = argv.findIndex(each => each === '--format' || each.startsWith('--format='))
  if (at === -1) return { options: argv, format: 'sh' }
  const own = argv[at]!
  const isApart = own === '--format'
  const format = isApart ? argv[at + 1] : own.slice('--format='.length)
  if (format === undefined || !Object.hasOwn(formats, format)) {
    throw new UsageError(`--format must be one of ${Object.keys(formats).join(', ')}` +
      `${format === undefined ? '' : `, not ${JSON.stringify(format.slice(0, 100))}`}`)
  }
  return { options: argv.toSpliced(at, isApart ? 2 : 1), format: format as Format }
}

/** Prints what clients of the running azrun need in their environment, its files kept in the data directory. */
export async function env (config: Config, format: Format): Promise<void> {
  const running = await findRunning(config)
  const directory = join(config.dataDir, `environment-${new URL(running.url).port}`)
  const { variables, unset } = await clientEnvironment(running, config, directory)
  process.stdout.write(formats[format](variables, unset))
}
