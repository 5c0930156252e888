import type { Call } from '../../src/commands/definition.js'
import { definitions } from '../../src/commands/definitions.js'
import { run } from '../../src/commands/program.js'
import type { Config } from '../../src/options/options.js'
import type { Setup } from '../../src/options/setup.js'

/** The configuration of `azrun serve` with these options and variables. */
export async function configFromArgv (argv: readonly string[], env: NodeJS.ProcessEnv): Promise<Config> {
  return await readWith(argv, env, call => call.config())
}

/** The setup of `azrun serve` with these options and variables. */
export async function setupFromArgv (argv: readonly string[], env: NodeJS.ProcessEnv): Promise<Setup> {
  return await readWith(argv, env, call => call.setup())
}

async function readWith<Read> (argv: readonly string[], env: NodeJS.ProcessEnv,
  read: (call: Call) => Promise<Read>): Promise<Read> {
  const [serve] = definitions
  let result: Read
  await run(argv, env, [{ ...serve!, run: async call => { result = await read(call) } }])
  return result!
}
