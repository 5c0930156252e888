import { Command, CommanderError, Option } from 'commander'
import { UsageError } from '../core/usage-error.js'
import type { Flag } from '../options/flags.js'
import { version } from '../version.js'
import { callOf } from './call.js'
import type { Definition } from './definition.js'
import { definitions } from './definitions.js'
import { descriptionOf, termOf } from './help.js'
import { unknownWord } from './mistakes.js'
import { print } from './print.js'

const HELP = ['-h', '--help']

/** Runs a command line; the first of `commands` is the default one. Throws a `UsageError` for its mistakes. */
export async function run (line: readonly string[], env: NodeJS.ProcessEnv, commands = definitions): Promise<void> {
  const separator = line.indexOf('--')
  const argv = separator === -1 ? line : line.slice(0, separator)
  const command = separator === -1 ? undefined : line.slice(separator + 1)
  let help = ''
  const program = createProgram(text => { help += text })
  const flagsOf = (called: Command) => {
    const { own = [], shared = [] } = commands.find(({ name }) => name === called.name()) ?? {}
    return [...own, ...shared]
  }
  // Adding all options would take most of the time of a call.
  program.hook('preSubcommand', (_, called) => { addOptions(called, flagsOf(called).filter(isNeededFor(argv))) })
  const outputHelp = (named: Command) => addOptions(named, flagsOf(named)).outputHelp()
  for (const definition of commands) {
    addCommand(program, definition, command === undefined).action(async (given, { args: words }: Command) => {
      const call = callOf({ definition, commands, given, words, argv, command, env })
      await definition.run({ ...call, help: name => outputHelp(commandOf(program, name)) })
    })
  }
  if (argv[0]?.startsWith('-') === false) commandOf(program, argv[0])
  await program.parseAsync(argv, { from: 'user' }).catch((error: unknown) => {
    // Commander throws this after it has printed help or the version.
    if (!(error instanceof CommanderError)) throw error
  })
  if (help !== '') await print(help)
}

/** A command by its name, azrun itself for ''. Throws a `UsageError` for an unknown name. */
function commandOf (program: Command, name: string): Command {
  const found = name === '' ? program : program.commands.find(command => command.name() === name)
  if (found === undefined) throw new UsageError(unknownWord('command', name, program.commands.map(command => command.name())))
  return found
}

function createProgram (writeOut: (text: string) => void): Command {
  return new Command('azrun')
    .description('A local emulator of Azure Virtual Machines - Run Command.')
    .usage('[COMMAND] [options]')
    .version(version, '-V, --version', 'Print the version.')
    .helpOption(HELP.join(', '), 'Print this help.')
    .helpCommand(false)
    .enablePositionalOptions()
    .configureOutput({ writeOut, getOutHelpWidth: () => 80 })
    .configureHelp({
      optionDescription: ({ description }) => description,
      subcommandTerm: command => command.name()
    })
    .addHelpText('after', "\n'azrun COMMAND --help' lists the options of a command.")
    .exitOverride()
}

/** Adds a command. Commander lets it take unknown words, so that azrun can report all mistakes at once. */
function addCommand (program: Command, definition: Definition, isWithoutSeparator: boolean): Command {
  const { name, usage, summary, notes, runsCommand = false } = definition
  const command = program.command(name, { isDefault: program.commands.length === 0 })
    .description(summary)
    .usage(usage)
    .helpOption(HELP.join(', '), 'Print this help.')
    .allowUnknownOption()
    .allowExcessArguments()
    .passThroughOptions(runsCommand && isWithoutSeparator)
  return notes === undefined ? command : command.addHelpText('after', `\n${notes}`)
}

/** Adds a command's options. azrun itself has only help and version. */
function addOptions (command: Command, flags: readonly Flag[]): Command {
  for (const option of flags.flatMap(optionsOf)) command.addOption(option)
  return command
}

/** Help needs all options, a call only the given ones. */
function isNeededFor (argv: readonly string[]): (flag: Flag) => boolean {
  if (HELP.some(option => argv.includes(option))) return () => true
  const given = new Set(argv.map(word => word.split('=', 1)[0]))
  return flag => given.has(flag.flag) || given.has(negated(flag))
}

function negated ({ flag }: Flag): string {
  return flag.replace('--', '--no-')
}

/** Collects all values of an option as text. `--strict` stands for 'true', and `--no-strict` for 'false'. */
function optionsOf (flag: Flag): Option[] {
  const isSwitch = flag.schema.type === 'boolean'
  const option = collecting(new Option(termOf(flag), descriptionOf(flag)), isSwitch ? 'true' : '')
  option.optional = true
  return isSwitch ? [option, collecting(new Option(negated(flag)).hideHelp(), 'false')] : [option]
}

/** Makes an option collect its values as text. An option without a value has `withoutValue`. */
function collecting (option: Option, withoutValue: string): Option {
  return option.preset(withoutValue)
    .argParser((text: string, previous: readonly string[] | undefined) => [...previous ?? [], text])
}
