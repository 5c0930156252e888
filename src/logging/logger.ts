import { hostname } from 'node:os'
import { pino, type LevelWithSilent, type Logger } from 'pino'
import { BoundedOutput } from './bounded-output.js'
import { prettyLine } from './pretty.js'

export interface LogOptions {
  /** Default: `info` in the pretty format, `warn` in JSON. */
  readonly logLevel?: LevelWithSilent
  /** Default: `pretty` if stderr is a terminal, else `json`. */
  readonly logFormat?: 'pretty' | 'json'
  /** Raises the level to `info` if it is lower. */
  readonly verbose: boolean
}

/**
 * A logger to stderr that cannot stop the process. Node's own stream is used rather than pino's destination: that one
 * waits for an unread pipe, or occupies a thread that file operations need, and throws when the disk is full.
 */
export function createLogger (options: LogOptions): Logger {
  const { stderr } = process
  const { logFormat = stderr.isTTY ? 'pretty' : 'json' } = options
  const level = levelOf(options, logFormat)
  if (level === 'silent') return pino({ level }, { write () {} })
  if (logFormat === 'json') return pino({ level }, new BoundedOutput(stderr, droppedLines))
  // Node knows NO_COLOR, FORCE_COLOR and what TERM can do.
  const colors = stderr.isTTY && stderr.hasColors()
  const output = new BoundedOutput(stderr, count => prettyLine(droppedLines(count), colors))
  return pino({ level }, { write: json => output.write(prettyLine(json, colors)) })
}

function levelOf ({ logLevel, verbose }: LogOptions, logFormat: 'pretty' | 'json'): LevelWithSilent {
  const level = logLevel ?? (logFormat === 'pretty' ? 'info' : 'warn')
  return verbose && !['trace', 'debug'].includes(level) ? 'info' : level
}

function droppedLines (count: number): string {
  const msg = `${count} log lines were dropped: stderr did not take them`
  return `${JSON.stringify({ level: 40, time: Date.now(), pid: process.pid, hostname: hostname(), msg })}\n`
}
