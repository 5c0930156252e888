import { readdirSync, readlinkSync, realpathSync, statSync, watch, type FSWatcher } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** How long to gather changes, in milliseconds, because editors save a file in several steps. */
const GATHERING_PERIOD = 100

export interface FileWatcherOptions {
  /** Called after changes, and perhaps without any: everything in the directory of a file counts. */
  changed (): void
  /** Called with a directory that cannot be watched, and the reason. */
  failed (directory: string, error: Error): void
}

/** More links in a row than systems follow, so that following them ends. */
const MAX_LINKS = 40

/**
 * Watches files, directories, and the files that they contain. It watches the directory of each, or the nearest that
 * exists, because editors and Kubernetes replace a file or directory with another. It also watches where links lead to.
 */
export class FileWatcher {
  readonly #options: FileWatcherOptions
  #watchers: readonly FSWatcher[] = []
  #timer: NodeJS.Timeout | undefined
  #isClosed = false

  constructor (options: FileWatcherOptions) {
    this.#options = options
  }

  /** Watches these paths instead of the former ones. Call it again for a directory that was replaced. */
  watch (paths: readonly string[]): void {
    const former = this.#watchers
    const directories = new Set(this.#isClosed ? [] : paths.map(path => resolve(path)).flatMap(directoriesOf))
    this.#watchers = [...directories].flatMap(directory => this.#watch(directory))
    for (const watcher of former) watcher.close()
  }

  /** Stops watching. Later calls of `watch` do nothing. */
  close (): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
    this.watch([])
  }

  #watch (directory: string): FSWatcher[] {
    try {
      const watcher = watch(directory, { persistent: false }, () => {
        this.#timer ??= setTimeout(() => {
          this.#timer = undefined
          this.#options.changed()
        }, GATHERING_PERIOD).unref()
      })
      return [watcher.on('error', error => this.#options.failed(directory, error))]
    } catch (error) {
      this.#options.failed(directory, error as Error)
      return []
    }
  }
}

function directoriesOf (path: string): string[] {
  const parent = existingParent(path)
  if (!isDirectory(path)) return [parent, ...behindLinks(path)]
  return [parent, path, ...[path, ...entriesOf(path)].flatMap(behindLinks)]
}

/** The nearest directory above it that exists: the missing ones may be made. */
function existingParent (path: string): string {
  const parent = dirname(path)
  return isDirectory(parent) || parent === path ? parent : existingParent(parent)
}

function entriesOf (directory: string): string[] {
  try {
    return readdirSync(directory).map(name => join(directory, name))
  } catch {
    return []
  }
}

/** The directories of what a link leads to, link by link; none for anything else. */
function behindLinks (path: string): string[] {
  const directories: string[] = []
  try {
    for (let file = path; directories.length < MAX_LINKS;) {
      // The system resolves a link from its real directory.
      file = resolve(realpathSync(dirname(file)), readlinkSync(file))
      if (isDirectory(dirname(file))) directories.push(dirname(file))
    }
  } catch {
    // It is not a link, or there is nothing.
  }
  return directories
}

function isDirectory (path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    // Reading the file tells why.
    return false
  }
}
