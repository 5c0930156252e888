import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'

/**
 * Starts a program that has these variables and no others. tap adds a loader to `NODE_OPTIONS` for every process that a
 * test starts: it takes 0.2 s, and what a program starts would inherit it. `env -i` removes it.
 */
export function startProgram ([command, ...args]: readonly string[], env: NodeJS.ProcessEnv,
  options: Omit<SpawnOptions, 'env'>): ChildProcess {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`)
  return spawn('env', ['-i', ...variables, command!, ...args], options)
}
