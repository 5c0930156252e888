import { renameSync, rmSync, writeFileSync } from 'node:fs'
import type { Config } from '../config.js'
import { startEmulator, type RunningEmulator } from '../emulator.js'
import { UsageError } from '../usage-error.js'
import { version } from '../version.js'

/** Takes requests until SIGINT or SIGTERM. */
export async function serve ({ readyFile, ...options }: Config): Promise<void> {
  const emulator = await startEmulator(options).catch((error: unknown) => { throw explained(error, options) })
  const stop = () => {
    if (readyFile !== undefined) rmSync(readyFile, { force: true })
    emulator.close().catch((error: unknown) => { process.stderr.write(`azrun: ${(error as Error).message}\n`) })
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  if (readyFile !== undefined) writeReadyFile(readyFile, emulator)
  process.stdout.write(`azrun listening on ${emulator.url}\n`)
}

/** Whoever waits for the file sees all of it or nothing. */
function writeReadyFile (file: string, { url, httpUrl, port, caFile }: RunningEmulator): void {
  const draft = `${file}.${process.pid}`
  try {
    writeFileSync(draft, `${JSON.stringify({ url, httpUrl, port, pid: process.pid, caFile, version })}\n`)
    renameSync(draft, file)
  } catch (error) {
    throw new UsageError(`--ready-file ${file} cannot be written: ${(error as Error).message}`)
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is taken; choose another with --port, or a free one with --port 0',
  EACCES: 'the port is not yours to take; choose one above 1023 with --port',
  EADDRNOTAVAIL: 'this machine has no such address; choose another with --host',
  ENOTFOUND: 'the name is not known; choose another with --host'
}

function explained (error: unknown, { host, port }: Pick<Config, 'host' | 'port'>): unknown {
  const reason = REASONS[(error as NodeJS.ErrnoException).code ?? '']
  return reason === undefined ? error : new Error(`cannot listen on ${host}:${port}: ${reason}`)
}
