import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'

/** Starts a program with only these environment variables. */
export function startProgram ([command, ...args]: readonly string[], env: NodeJS.ProcessEnv,
  options: Omit<SpawnOptions, 'env'>): ChildProcess {
  return spawn(command!, args, { ...options, env })
}
