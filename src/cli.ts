#!/usr/bin/env node
import { configFromArgv, describeFlags } from './command-line.js'
import { env, takeFormat } from './commands/env.js'
import { exec, splitCommand } from './commands/exec.js'
import { healthcheck } from './commands/healthcheck.js'
import { serve } from './commands/serve.js'
import { UsageError } from './usage-error.js'
import { version } from './version.js'

type Command = (argv: readonly string[]) => Promise<void>

const commands: Readonly<Record<string, Command>> = {
  async serve (argv) {
    await serve(configFromArgv(argv, process.env))
  },
  async exec (argv) {
    const { options, command } = splitCommand(argv)
    await exec(configFromArgv(options, process.env, { port: 0 }), command)
  },
  async env (argv) {
    const { options, format } = takeFormat(argv)
    await env(configFromArgv(options, process.env), format)
  },
  async healthcheck (argv) {
    await healthcheck(configFromArgv(argv, process.env))
  }
}

const HELP = `azrun ${version}: a local emulator of Azure VM Run Command

  azrun [serve]       take requests until it is interrupted
  azrun exec -- COMMAND ARGS...
                      run a command for which an azrun of its own, on a free port, is Azure
  azrun env           print what a shell must export for clients of a running azrun;
                      --format sh|fish|powershell|json|github, Default: sh.
  azrun healthcheck   exit with 0 if azrun is running, with 1 if it is not

${describeFlags().join('\n')}
  --help, --version

Each option is also an environment variable: --log-level is AZRUN_LOG_LEVEL.
Options of exec come before --. It ends with the exit code of the command.
`

async function main (argv: readonly string[]): Promise<void> {
  const own = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv
  if (own.includes('--help')) { process.stdout.write(HELP); return }
  if (own.includes('--version')) { process.stdout.write(`${version}\n`); return }
  const [first] = argv
  const named = first !== undefined && !first.startsWith('-')
  if (named && !Object.hasOwn(commands, first)) {
    throw new UsageError(`'${first}' is not a command; there are ${Object.keys(commands).join(', ')}`)
  }
  await commands[named ? first : 'serve']!(named ? argv.slice(1) : argv)
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(`azrun: ${message.replaceAll(/\s*\n\s*/g, ' ')}\n`)
  process.exitCode = error instanceof UsageError ? 2 : 1
})
