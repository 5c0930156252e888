/** What the log must do for a service; a pino logger does. */
export interface Log {
  info (message: string): void
  warn (message: string): void
  error (message: string): void
}

export const silentLog: Log = { info () {}, warn () {}, error () {} }
