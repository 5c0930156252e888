#!/usr/bin/env node
import { configFromArgv, describeFlags } from './command-line.js'
import { env } from './commands/env.js'
import { healthcheck } from './commands/healthcheck.js'
import { serve } from './commands/serve.js'
import { UsageError } from './usage-error.js'
import { version } from './version.js'

const commands = { serve, env, healthcheck }

const HELP = `azrun ${version}: a local emulator of Azure VM Run Command

  azrun [serve]       take requests until it is interrupted
  azrun env           print what a shell must export for clients of a running azrun
  azrun healthcheck   exit with 0 if azrun is running, with 1 if it is not

${describeFlags().join('\n')}
  --help, --version

Each option is also an environment variable: --log-level is AZRUN_LOG_LEVEL.
`

async function main (argv: readonly string[]): Promise<void> {
  if (argv.includes('--help')) { process.stdout.write(HELP); return }
  if (argv.includes('--version')) { process.stdout.write(`${version}\n`); return }
  const [first] = argv
  const named = first !== undefined && !first.startsWith('-')
  if (named && !Object.hasOwn(commands, first)) {
    throw new UsageError(`'${first}' is not a command; there are ${Object.keys(commands).join(', ')}`)
  }
  const command = commands[named ? first as keyof typeof commands : 'serve']
  await command(configFromArgv(named ? argv.slice(1) : argv, process.env))
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(`azrun: ${message.replaceAll(/\s*\n\s*/g, ' ')}\n`)
  process.exitCode = error instanceof UsageError ? 2 : 1
})
