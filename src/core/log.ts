/** The methods of a log that a service needs. A pino logger has them. */
export interface Log {
  info (message: string): void
  warn (message: string): void
  error (message: string): void
}

export const silentLog: Log = { info () {}, warn () {}, error () {} }
