import { homedir, userInfo } from 'node:os'
import { join } from 'node:path'
import { UsageError } from '../core/usage-error.js'

/**
 * `.azrun` in the home directory. An empty HOME counts as none: the current directory is no place for keys. Throws a
 * `UsageError` for a user without a home directory, as a container may have.
 */
export function defaultDataDir (): string {
  const home = attempt(homedir) || attempt(() => userInfo().homedir)
  if (home === '') throw new UsageError('the home directory of this user is not known: set HOME, or give --data-dir')
  return join(home, '.azrun')
}

function attempt (find: () => string): string {
  try {
    return find()
  } catch {
    return ''
  }
}
