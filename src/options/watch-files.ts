import { statSync, watch, type FSWatcher } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** Milliseconds for which changes are gathered: an editor saves a file in several steps. */
const GATHERING_PERIOD = 100

export interface FileWatcherOptions {
  /** Called after changes, and perhaps without one: anything that happens beside a file counts. */
  changed (): void
  /** Called with what cannot be watched, and why. */
  failed (directory: string, error: Error): void
}

/**
 * Watches files and directories. The directory of each is watched, not the file itself: editors and Kubernetes replace
 * a file or directory by another.
 */
export class FileWatcher {
  readonly #options: FileWatcherOptions
  #watchers: readonly FSWatcher[] = []
  #timer: NodeJS.Timeout | undefined
  #isClosed = false

  constructor (options: FileWatcherOptions) {
    this.#options = options
  }

  /** Watches these paths instead of the former ones; again, if another directory has taken the place of one. */
  watch (paths: readonly string[]): void {
    const former = this.#watchers
    const directories = new Set(this.#isClosed ? [] : paths.map(path => resolve(path)).flatMap(directoriesOf))
    this.#watchers = [...directories].flatMap(directory => this.#watch(directory))
    for (const watcher of former) watcher.close()
  }

  /** `watch` does nothing any more. */
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
  const isDirectory = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
  return isDirectory ? [dirname(path), path] : [dirname(path)]
}
