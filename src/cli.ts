#!/usr/bin/env node
import { env, takeFormat } from './commands/env.js'
import { exec, splitCommand } from './commands/exec.js'
import { healthcheck } from './commands/healthcheck.js'
import { print, say } from './commands/print.js'
import { serve } from './commands/serve.js'
import { UsageError } from './core/usage-error.js'
import { configFromArgv, describeFlags, setupFromArgv } from './options/command-line.js'
import { version } from './version.js'

type Command = (argv: readonly string[]) => Promise<void>

const commands: Readonly<Record<string, Command>> = {
  async serve (argv) {
    await serve(await setupFromArgv(argv, process.env))
  },
  async exec (argv) {
    const { options, command } = splitCommand(argv)
    await exec(await setupFromArgv(options, process.env, { port: 0, logLevel: 'warn' }), command)
  },
  async env (argv) {
    const { options, format } = takeFormat(argv)
    await env(await configFromArgv(options, process.env), format)
  },
  async healthcheck (argv) {
    await healthcheck(await configFromArgv(argv, process.env))
  }
}

const HELP = `azrun ${version}: a local emulator of Azure VM Run Command

  azrun [serve]       start the emulator and run until interrupted
  azrun exec -- COMMAND ARGS...
                      start an emulator on a free port and run COMMAND against it
  azrun env           print the environment that points clients at a running azrun;
                      --format sh|fish|powershell|json|github. Default: sh.
  azrun healthcheck   exit with 0 if azrun is running, else with 1

${describeFlags().join('\n')}
  --help, --version

Each option is also an environment variable: --log-level is AZRUN_LOG_LEVEL.
Options of exec come before --. exec exits with COMMAND's exit code.
`

async function main (argv: readonly string[]): Promise<void> {
  const own = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv
  if (own.includes('--help')) { await print(HELP); return }
  if (own.includes('--version')) { await print(`${version}\n`); return }
  const [first] = argv
  const named = first !== undefined && !first.startsWith('-')
  if (named && !Object.hasOwn(commands, first)) {
    throw new UsageError(`unknown command '${first}'; the commands are ${Object.keys(commands).join(', ')}`)
  }
  await commands[named ? first : 'serve']!(named ? argv.slice(1) : argv)
}

main(process.argv.slice(2)).catch((error: unknown) => {
  if (error instanceof UsageError) error.problems.forEach(say)
  else say(error instanceof Error ? error.message : String(error))
  process.exitCode = error instanceof UsageError ? 2 : 1
})
