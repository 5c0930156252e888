import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'

/** Whether an absolute path is an executable file. */
export function isProgram (file: string): boolean {
  if (!isAbsolute(file)) return false
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}

/** Finds a program in the directories of a PATH. */
export function findProgram (program: string, path: string): string | undefined {
  return path.split(delimiter).map(directory => join(directory, program)).find(isProgram)
}
