import type { Call } from '../../src/commands/definition.js'
import { definitions } from '../../src/commands/definitions.js'
import { run } from '../../src/commands/program.js'
import type { Config } from '../../src/options/options.js'
import type { Setup } from '../../src/options/setup.js'

/** The configuration that `azrun serve` has with these options and variables. */
export async function configFromArgv (argv: readonly string[], env: NodeJS.ProcessEnv): Promise<Config> {
  return await reading(argv, env, call => call.config())
}

/** What `azrun serve` starts from. */
export async function setupFromArgv (argv: readonly string[], env: NodeJS.ProcessEnv): Promise<Setup> {
  return await reading(argv, env, call => call.setup())
}

async function reading<Read> (argv: readonly string[], env: NodeJS.ProcessEnv,
  read: (call: Call) => Promise<Read>): Promise<Read> {
  const [serve] = definitions
  let result: Read
  await run(argv, env, [{ ...serve!, run: async call => { result = await read(call) } }])
  return result!
}
