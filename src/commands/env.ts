import { join } from 'node:path'
import { UsageError } from '../core/usage-error.js'
import { formats, type Format } from '../environment/formats.js'
import type { Config } from '../options/config.js'
import { lastingDataDir } from '../options/data-dir.js'
import { clientEnvironment } from './client-environment.js'
import { findRunning } from './find-running.js'
import { print, say } from './print.js'

/** Separates --format from the options that all commands have. Throws a `UsageError` for an unknown format. */
export function takeFormat (argv: readonly string[]): { options: readonly string[], format: Format } {
  const at = argv.findIndex(arg => arg === '--format' || arg.startsWith('--format='))
  if (at === -1) return { options: argv, format: 'sh' }
  const option = argv[at]!
  const isSeparate = option === '--format'
  const format = isSeparate ? argv[at + 1] : option.slice('--format='.length)
  if (format === undefined || !Object.hasOwn(formats, format)) {
    throw new UsageError(`--format must be one of ${Object.keys(formats).join(', ')}` +
      `${format === undefined ? '' : `, not ${JSON.stringify(format.slice(0, 100))}`}`)
  }
  return { options: argv.toSpliced(at, isSeparate ? 2 : 1), format: format as Format }
}

/** Prints the environment for clients of the running azrun. Its files are in the data directory. */
export async function env (config: Config, format: Format): Promise<void> {
  const running = await findRunning(config)
  const directory = join(lastingDataDir(config, say), `environment-${new URL(running.url).port}`)
  const { variables, unset } = await clientEnvironment(running, config, directory)
  if (format === 'github') stillSet(unset, process.env).forEach(say)
  await print(formats[format](variables, Object.keys(unset)))
}

/** GitHub Actions can only empty a variable, and an empty one misleads clients too: MSAL refuses an empty region. */
function stillSet (unset: Readonly<Record<string, string>>, env: NodeJS.ProcessEnv): string[] {
  return Object.entries(unset).filter(([name]) => env[name] !== undefined).map(([name, why]) =>
    `GITHUB_ENV cannot unset ${name}, which ${why}; remove it from the workflow, or run the command with azrun exec`)
}
