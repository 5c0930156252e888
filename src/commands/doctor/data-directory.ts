import { accessSync, constants, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { fail, note, ok, type Finding, type Surroundings } from './finding.js'

/** Checks that azrun can write its files. Without the default directory it can run, but keeps nothing. */
export function checkDataDirectory ({ config, dataDir }: Surroundings): Finding[] {
  if (dataDir === undefined) return [note(`this user has no home directory: ${LOSS}`)]
  const fault = faultOf(dataDir)
  if (fault === undefined) {
    return [ok(exists(dataDir) ? `data directory ${dataDir}` : `data directory ${dataDir}, which azrun will create`)]
  }
  if (config.dataDir === undefined) return [note(`the default data directory ${dataDir} ${fault}: ${LOSS}`)]
  return [fail(`data directory ${dataDir} ${fault}; choose another with --data-dir`)]
}

const LOSS = 'azrun keeps its keys in a temporary directory, so clients must trust a new CA after each start; choose one with --data-dir'

function faultOf (dataDir: string): string | undefined {
  const existing = nearestExisting(dataDir)
  if (!statSync(existing).isDirectory()) return `cannot be used: ${existing} is not a directory`
  try {
    accessSync(existing, constants.W_OK | constants.X_OK)
    return undefined
  } catch {
    return 'cannot be written'
  }
}

/** The path itself, or the nearest one above it that exists. */
function nearestExisting (path: string): string {
  return exists(path) || dirname(path) === path ? path : nearestExisting(dirname(path))
}

/** Whether a path exists. One below a file does not, although `statSync` throws for it. */
function exists (path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined
  } catch {
    return false
  }
}
