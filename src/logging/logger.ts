import { hostname } from 'node:os'
import { pino, type LevelWithSilent, type Logger } from 'pino'
import { BoundedOutput } from './bounded-output.js'

/**
 * A logger to stderr that cannot stop the process. Node's own stream is used rather than pino's destination: that one
 * waits for an unread pipe, or occupies a thread that file operations need, and throws when the disk is full.
 */
export function createLogger (level: LevelWithSilent): Logger {
  if (level === 'silent') return pino({ level }, { write () {} })
  return pino({ level }, new BoundedOutput(process.stderr, droppedLines))
}

function droppedLines (count: number): string {
  const msg = `${count} log lines were dropped: stderr did not take them`
  return `${JSON.stringify({ level: 40, time: Date.now(), pid: process.pid, hostname: hostname(), msg })}\n`
}
