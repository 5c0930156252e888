import { readFileSync, rmSync } from 'node:fs'
import { UsageError } from '../core/usage-error.js'
import type { RunningEmulator, WholeEmulator } from '../emulator.js'
import { refusePipeOrDevice } from '../files/pipe-or-device.js'
import { whyUnwritable } from '../files/why-unwritable.js'
import { writeFileAtomic } from '../files/write-atomic.js'
import type { Config } from '../options/config.js'
import type { OptionName } from '../options/names.js'
import type { Setup } from '../options/setup.js'
import { isRunning, statOf } from '../processes/proc.js'
import { startFrom } from '../start.js'
import { version } from '../version.js'

/** Starts an emulator. The file of --ready-file exists until the emulator closes, and no other azrun may use it. */
export async function listen (setup: Setup): Promise<RunningEmulator & WholeEmulator> {
  const { config } = setup
  const { readyFile: path } = config
  const file = path === undefined ? undefined : { path, option: config.nameOf('readyFile') }
  if (file !== undefined) {
    refuseIfNoFile(file)
    refuseIfTaken(file)
    // An azrun that was killed may have left its file.
    removeReadyFile(file)
  }
  const emulator = await startFrom(setup).catch((error: unknown) => { throw explained(error, config) })
  if (file === undefined) return emulator
  await writeReadyFile(file, emulator)
  return {
    ...emulator,
    async close () {
      removeReadyFile(file)
      await emulator.close()
    }
  }
}

interface ReadyFile {
  readonly path: string
  /** What the user calls the option that names the file. */
  readonly option: OptionName
}

async function writeReadyFile (file: ReadyFile, emulator: RunningEmulator): Promise<void> {
  const { url, httpUrl, port, caFile, adminToken } = emulator
  const { pid } = process
  try {
    // Again: another azrun may have started meanwhile.
    refuseIfTaken(file)
    const facts = { url, httpUrl, port, pid, startTime: statOf(pid)?.startTime, caFile, version, adminToken }
    // A token makes the file a secret.
    writeFileAtomic(file.path, `${JSON.stringify(facts)}\n`, { mode: adminToken === undefined ? undefined : 0o600 })
  } catch (error) {
    await emulator.close()
    if (error instanceof ReadyFileTaken) throw error
    throw new UsageError(`${file.option.subject} ${file.path} ${whyUnwritable(error)}`)
  }
}

function refuseIfNoFile ({ path, option }: ReadyFile): void {
  try {
    refusePipeOrDevice(path)
  } catch (error) {
    throw new UsageError(`${option.subject} ${path} ${whyUnwritable(error)}`)
  }
}

class ReadyFileTaken extends Error {}

function refuseIfTaken ({ path, option }: ReadyFile): void {
  const { pid, startTime } = readFacts(path)
  if (pid === undefined || pid === process.pid || !isRunning(pid, startTime)) return
  throw new ReadyFileTaken(`${option.subject} ${path} belongs to another azrun, which is running with pid ${pid}: ` +
    'stop that one, or choose another file')
}

/** The process that wrote a ready file; empty if the file is missing or is no ready file. */
function readFacts (file: string): { readonly pid?: number, readonly startTime?: number } {
  try {
    const { pid, startTime } = JSON.parse(readFileSync(file, 'utf8'))
    return Number.isInteger(pid) && pid > 0 ? { pid, startTime } : {}
  } catch {
    return {}
  }
}

function removeReadyFile ({ path, option }: ReadyFile): void {
  try {
    rmSync(path, { force: true })
  } catch (error) {
    throw new UsageError(`${option.subject} ${path} ${whyUnwritable(error)}`)
  }
}

function unknownHost (nameOf: Config['nameOf']): string {
  return `the host name is unknown; give ${nameOf('host').text} a name or an address of this machine, without a scheme or a port`
}

const REASONS: Readonly<Record<string, (nameOf: Config['nameOf']) => string>> = {
  EADDRINUSE: nameOf => `the port is in use; choose another with ${nameOf('port').text}, or any free one with ` +
    `${nameOf('port').text} 0`,
  EACCES: nameOf => `the port needs privileges; choose one above 1023 with ${nameOf('port').text}`,
  EADDRNOTAVAIL: nameOf => `this machine does not have that address; choose another with ${nameOf('host').text}`,
  EINVAL: unknownHost,
  ENOTFOUND: unknownHost,
  EAI_AGAIN: nameOf => `the host name cannot be resolved now; try again later or choose another with ${nameOf('host').text}`
}

/** The error of a failed start, in words for the user. */
export function explained (error: unknown, { host, port, nameOf }: Config): unknown {
  const reason = REASONS[(error as NodeJS.ErrnoException).code ?? '']
  if (reason === undefined) return error
  return new Error(`cannot listen on ${nameOf('host').text} ${host} ${nameOf('port').text} ${port}: ${reason(nameOf)}`)
}
