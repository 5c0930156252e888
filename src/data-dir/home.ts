import { homedir, userInfo } from 'node:os'
import { join } from 'node:path'

/**
 * `.azrun` in the home directory; undefined for a user without one, as in some containers. An empty HOME counts as
 * missing, because the current directory is no place for keys.
 */
export function defaultDataDir (): string | undefined {
  const home = attempt(homedir) || attempt(() => userInfo().homedir)
  return home === '' ? undefined : join(home, '.azrun')
}

function attempt (find: () => string): string {
  try {
    return find()
  } catch {
    return ''
  }
}
