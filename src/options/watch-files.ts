import { statSync, watch, type FSWatcher } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** How long to gather changes, in milliseconds, because editors save a file in several steps. */
const GATHERING_PERIOD = 100

export interface FileWatcherOptions {
  /** Called after changes, and perhaps without any: everything in the directory of a file counts. */
  changed (): void
  /** Called with a directory that cannot be watched, and the reason. */
  failed (directory: string, error: Error): void
}

/**
 * Watches files and directories. It watches the directory of each, because editors and Kubernetes replace a file or
 * directory with another.
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
  return isDirectory(path) ? [dirname(path), path] : [dirname(path)]
}

function isDirectory (path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    // Reading the file tells why.
    return false
  }
}
