import { hostname } from 'node:os'
import { pino, type LevelWithSilent, type Logger } from 'pino'
import { BoundedOutput } from './bounded-output.js'
import { prettyLine } from './pretty.js'

export interface LogOptions {
  /** Default: `silent`. */
  readonly logLevel?: LevelWithSilent
  /** Default: `pretty` if stderr is a terminal, else `json`. */
  readonly logFormat?: LogFormat
  /** Whether to log events of level info even if `logLevel` is higher. */
  readonly verbose: boolean
}

/** `pretty`: lines for people; `json`: an object a line. */
export type LogFormat = 'pretty' | 'json'

/**
 * The default level of `serve`. A person wants to see what happens. A file or a pipe gets only what needs attention, so
 * that requests pay nothing for the log.
 */
export function defaultLevel (logFormat = defaultFormat()): 'info' | 'warn' {
  return logFormat === 'pretty' ? 'info' : 'warn'
}

/**
 * A logger to stderr that cannot stop the process. It uses Node's own stream rather than pino's destination, which
 * waits for an unread pipe, or occupies a thread that file operations need, and throws when the disk is full.
 */
export function createLogger ({ logLevel = 'silent', logFormat = defaultFormat(), verbose }: LogOptions): Logger {
  const { stderr } = process
  const level = verbose && !['trace', 'debug'].includes(logLevel) ? 'info' : logLevel
  if (level === 'silent') return pino({ level }, { write () {} })
  if (logFormat === 'json') return pino({ level }, new BoundedOutput(stderr, droppedLines))
  // Node checks NO_COLOR, FORCE_COLOR and TERM.
  const colors = stderr.isTTY && stderr.hasColors()
  const output = new BoundedOutput(stderr, count => prettyLine(droppedLines(count), colors))
  return pino({ level }, { write: json => output.write(prettyLine(json, colors)) })
}

function defaultFormat (): LogFormat {
  return process.stderr.isTTY ? 'pretty' : 'json'
}

function droppedLines (count: number): string {
  const msg = `${count} log lines were dropped, because nothing read stderr`
  return `${JSON.stringify({ level: 40, time: Date.now(), pid: process.pid, hostname: hostname(), msg })}\n`
}
