import { formats, type Format } from '../environment/formats.js'
import { configFlags, flagOf, type Flag } from '../options/flags.js'
import type { JsonSchema } from '../validation/json-schema.js'
import { completions } from './completion.js'
import type { Definition } from './definition.js'
import { print } from './print.js'

const LAYERS = `Each option is also an environment variable (--log-level is AZRUN_LOG_LEVEL)
and, in camelCase, a key of --config FILE. Flags override the environment, which
overrides the file. --strict can also be --strict=false or --no-strict.`

const FINDING = `--ready-file, or --host and --port, say which running azrun is meant. Each of
these is also an environment variable: --ready-file is AZRUN_READY_FILE.`

/** The options that find a running azrun. */
const finding = some({
  host: { description: 'The host that azrun listens on.' },
  port: { description: 'The port that azrun listens on.' },
  config: { description: 'The config file that azrun was started with.' },
  readyFile: { description: 'The ready file that azrun was started with.' }
})

const ONE_WAY = { flag: '--ready-file', excludes: ['--host', '--port'], why: 'holds the address' }

/** Options that a check sets itself. */
const NOT_OF_CHECK = ['readyFile', 'clock', 'pace', 'journal', 'watch']

const serve: Definition = {
  name: 'serve',
  usage: '[options]',
  summary: 'Start azrun and run until interrupted (the default command).',
  notes: LAYERS,
  shared: configFlags,
  async run ({ setup }) {
    const settings = await setup()
    await (await import('./serve.js')).serve(settings)
  }
}

const exec: Definition = {
  name: 'exec',
  usage: '[options] -- COMMAND ARGS...',
  summary: 'Start azrun on a free port, run a command against it, and exit with its exit code.',
  notes: `Options of azrun come before --.\n${LAYERS}`,
  shared: changed({ port: { default: 0 } }),
  runsCommand: true,
  async run ({ setup, command }) {
    const settings = await setup({ port: 0, logLevel: 'warn' })
    await (await import('./exec.js')).exec(settings, command)
  }
}

const check: Definition = {
  name: 'check',
  usage: '[options] -- COMMAND ARGS...',
  summary: 'Run a command without and with each scenario, and judge how it uses Azure.',
  notes: `Each run has its own azrun, as with exec, and real time. A rule without
evidence is left out. The exit code is 0 if no rule is violated, 1 if one is, 2
for a wrong option; a warning does not count. Options come before --.
${LAYERS}`,
  shared: changed({
    port: { default: 0 },
    scenarios: { description: 'A scenario file of your own or a directory of them (*.json, *.jsonc), each of which is run like the built-in ones.' },
    report: { description: 'The file to write at the end, with the rules that each run kept or violated: JUnit XML, SARIF or JSON, depending on its extension.' },
    verbose: { description: 'Show the calls and the output of every run, not only of those that violate a rule.' }
  }).filter(({ name }) => !NOT_OF_CHECK.includes(name)),
  own: [
    flagOf('scenario', {
      type: 'array',
      title: 'NAME',
      description: 'A scenario to run: its name, or a file or directory of scenarios. Repeatable. Default: all that concern the command.'
    }),
    flagOf('timeout', {
      type: 'integer', minimum: 1, maximum: 86400, default: 120, title: 'SECONDS', description: 'How long a run may take before it is killed.'
    })
  ],
  runsCommand: true,
  async run ({ setup, own: { scenario, timeout }, command }) {
    const { check } = await import('./check/check.js')
    const asked = { scenarios: scenario as readonly string[] | undefined, timeoutSeconds: timeout as number }
    await check(choose => setup({ port: 0 }, choose), asked, command)
  }
}

const env: Definition = {
  name: 'env',
  usage: '[options]',
  summary: 'Print the environment that points clients at a running azrun.',
  notes: `${FINDING}\n--config is needed if it declares service principals.`,
  shared: [...finding, ...some({ dataDir: { description: 'The directory for the files that the environment names.' } })],
  exclusive: [ONE_WAY, { flag: '--unset', excludes: ['--host', '--port', '--config', '--data-dir', '--ready-file'], why: 'needs no running azrun' }],
  own: [
    flagOf('format', {
      type: 'string', enum: Object.keys(formats), default: 'sh', title: 'FORMAT', description: 'The format to print.'
    }),
    flagOf('unset', { type: 'boolean', default: false, description: 'Print what unsets these variables.' })
  ],
  async run ({ config, own: { format, unset } }) {
    const { env, unsetEnv } = await import('./env.js')
    if (!unset) return await env(config, format as Format)
    await config()
    await unsetEnv(format as Format)
  }
}

const healthcheck: Definition = {
  name: 'healthcheck',
  usage: '[options]',
  summary: 'Exit with 0 if azrun is running, else with 1.',
  notes: FINDING,
  shared: finding,
  exclusive: [ONE_WAY],
  own: [flagOf('wait', {
    type: 'integer', minimum: 1, maximum: 86400, title: 'SECONDS', description: 'How long to wait until azrun is ready.'
  })],
  async run ({ config, own: { wait } }) {
    const settings = await config()
    await (await import('./healthcheck.js')).healthcheck(settings, wait as number | undefined)
  }
}

const doctor: Definition = {
  name: 'doctor',
  usage: '[options]',
  summary: 'Check what works on this machine; exit with 0 if azrun can run, else with 1.',
  notes: 'Prints ok, note or fail for each finding, and how to fix it.',
  shared: some({ host: {}, port: {}, config: {}, dataDir: {}, executor: {}, cert: {}, key: {} }),
  async run ({ config }) {
    const settings = await config()
    const { doctor } = await import('./doctor/doctor.js')
    await doctor({ config: settings, env: process.env, node: process.versions.node })
  }
}

const completion: Definition = {
  name: 'completion',
  usage: 'bash|zsh|fish',
  summary: 'Print the script that completes commands and options in a shell.',
  notes: `bash: azrun completion bash > ~/.local/share/bash-completion/completions/azrun
zsh:  azrun completion zsh > DIR/_azrun, with a DIR of fpath
fish: azrun completion fish > ~/.config/fish/completions/azrun.fish`,
  shared: [],
  argument: { name: 'shell', choices: Object.keys(completions) },
  async run ({ argument }) {
    await print(completions[argument as keyof typeof completions](definitions))
  }
}

const commands = [serve, exec, check, env, healthcheck, doctor, completion]

const help: Definition = {
  name: 'help',
  usage: '[COMMAND]',
  summary: 'Print the help of a command.',
  shared: [],
  argument: { name: 'command', choices: [...commands.map(({ name }) => name), 'help'], isOptional: true },
  async run (call) {
    call.help(call.argument)
  }
}

/** The commands in the order of the help. The first is the default one. */
export const definitions: readonly Definition[] = [...commands, help]

/** All options. `changes` has what differs in a command, by the option's name. */
function changed (changes: Readonly<Record<string, JsonSchema>>): readonly Flag[] {
  return configFlags.map(flag => ({ ...flag, schema: { ...flag.schema, ...changes[flag.name] } }))
}

/** Only the options named in `changes`, with what differs. */
function some (changes: Readonly<Record<string, JsonSchema>>): readonly Flag[] {
  return changed(changes).filter(({ name }) => name in changes)
}
