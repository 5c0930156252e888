import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'

/** Starts a program that has these variables and no others. */
export function startProgram ([command, ...args]: readonly string[], env: NodeJS.ProcessEnv,
  options: Omit<SpawnOptions, 'env'>): ChildProcess {
  return spawn(command!, args, { ...options, env })
}
