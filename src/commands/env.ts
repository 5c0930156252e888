import { UsageError } from '../core/usage-error.js'
import { lastingDataDir } from '../data-dir/data-dir.js'
import { formats, type Format } from '../environment/formats.js'
import { UNSET } from '../environment/inherited.js'
import { withoutOurs } from '../environment/java-options.js'
import { variableNames } from '../environment/variables.js'
import type { Config } from '../options/config.js'
import { clientEnvironment } from './client-environment.js'
import { environmentDirectory } from './environment-directory.js'
import { findRunning, NotRunning } from './find-running.js'
import { print, say } from './print.js'

/** The command that undoes the environment in a shell. Nobody evaluates the other formats in a shell. */
const UNDO: Partial<Readonly<Record<Format, (azrun: string) => string>>> = {
  sh: azrun => `eval "$(${azrun} env --unset)"`,
  fish: azrun => `${azrun} env --unset --format fish | source`,
  powershell: azrun => `${azrun} env --unset --format powershell | Out-String | Invoke-Expression`
}

/** Printed after a failure. A shell takes `eval ""` for success, and its next command would reach Azure itself. */
const FAILED: Partial<Readonly<Record<Format, string>>> = {
  sh: 'false\n',
  fish: 'false\n',
  powershell: "throw 'azrun env has failed'\n"
}

/**
 * Prints the environment for clients of the running azrun. Its files are in the data directory. If this fails, even if
 * only the configuration is wrong, so does a shell that evaluates the output.
 */
export async function env (readConfig: () => Promise<Config>, format: Format): Promise<void> {
  try {
    await printEnvironment(await readConfig(), format)
  } catch (error) {
    await print(FAILED[format] ?? '')
    throw error
  }
}

async function printEnvironment (config: Config, format: Format): Promise<void> {
  const running = await findRunning(config).catch((error: unknown) => {
    if (!(error instanceof NotRunning)) throw error
    throw new NotRunning(`${error.message}; start it first, or name another one with --host and --port, or --ready-file`)
  })
  const directory = environmentDirectory(lastingDataDir(config, say), running.url)
  const variables = await clientEnvironment(running, config, directory)
  if (format === 'github') stillSet(process.env).forEach(say)
  await print(formats[format](variables, Object.keys(UNSET)))
  const undo = UNDO[format]?.(process.env['npm_lifecycle_event'] === 'npx' ? 'npx azrun' : 'azrun')
  if (process.stderr.isTTY && undo !== undefined) {
    say(`with these variables, a shell reaches only azrun, not even npm's registry; to remove them: ${undo}`)
  }
}

/**
 * Prints what unsets the variables. JAVA_TOOL_OPTIONS keeps the user's part. Throws a `UsageError` for a format that
 * cannot unset variables.
 */
export async function unsetEnv (format: Format): Promise<void> {
  if (format === 'github') {
    throw new UsageError('--unset cannot be combined with --format github, whose variables end with their step: remove one of the two')
  }
  const java = withoutOurs(process.env['JAVA_TOOL_OPTIONS'])
  const kept: Record<string, string> = java === '' ? {} : { JAVA_TOOL_OPTIONS: java }
  await print(formats[format](kept, variableNames().filter(name => !(name in kept))))
}

/** GitHub Actions can only empty a variable, and an empty one misleads clients too: MSAL refuses an empty region. */
function stillSet (env: NodeJS.ProcessEnv): string[] {
  return Object.entries(UNSET).filter(([name]) => env[name] !== undefined).map(([name, why]) =>
    `GitHub Actions cannot unset ${name}, which ${why}; remove it from the workflow, or run the command with azrun exec`)
}
