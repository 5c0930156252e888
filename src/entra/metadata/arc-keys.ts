import { randomBytes } from 'node:crypto'
import { mkdir, rm, rmdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { EntraError } from '../errors/entra-error.js'

/** The most key files at a time. A client that ignores its challenge leaves one behind. */
const LIMIT = 100

/** The only directories from which released clients take a key (read in the source of MSAL and azidentity). */
const DIRECTORIES: Readonly<Partial<Record<NodeJS.Platform, () => string>>> = {
  linux: () => '/var/opt/azcmagent/tokens',
  win32: () => join(process.env['ProgramData'] ?? 'C:\\ProgramData', 'AzureConnectedMachineAgent', 'Tokens')
}

export interface ArcKeysOptions {
  newId (): string
  readonly directory?: string
}

/** The keys with which a client of Azure Arc proves that it can read files on this machine. */
export class ArcKeys {
  readonly #newId: () => string
  readonly #directory: string | undefined
  /** Files by key, oldest first. */
  readonly #files = new Map<string, string>()
  /** The topmost directory that azrun had to create. */
  #made: string | undefined

  constructor ({ newId, directory = DIRECTORIES[process.platform]?.() }: ArcKeysOptions) {
    this.#newId = newId
    this.#directory = directory
  }

  /**
   * Accepts the content of a key file once, and removes the file. Without a header throws a challenge that names a new
   * file; with any other header throws `ArcKeyInvalid`.
   */
  async check (authorization: string | undefined): Promise<void> {
    if (authorization === undefined) throw await this.#challenge()
    const [, key = ''] = /^Basic +(\S+)$/i.exec(authorization) ?? []
    const file = this.#files.get(key)
    if (file === undefined) throw new EntraError('ArcKeyInvalid')
    await this.#remove(key, file)
  }

  /** Removes the remaining keys, and the directories created for them unless these have other content. */
  async close (): Promise<void> {
    await Promise.all([...this.#files].map(([key, file]) => this.#remove(key, file)))
    if (this.#made === undefined || this.#directory === undefined) return
    for (let directory = this.#directory; directory.startsWith(this.#made); directory = dirname(directory)) {
      await rmdir(directory).catch(() => {})
    }
  }

  async #challenge (): Promise<EntraError> {
    const directory = this.#directory
    if (directory === undefined) return notWritten('its directory', `Azure Arc has none on ${process.platform}`)
    const file = join(directory, `${this.#newId()}.key`)
    const key = randomBytes(32).toString('base64url')
    const [oldest] = this.#files
    if (oldest !== undefined && this.#files.size >= LIMIT) await this.#remove(...oldest)
    try {
      this.#made = await mkdir(directory, { recursive: true }) ?? this.#made
      await writeFile(file, key, { mode: 0o600, flag: 'wx' })
    } catch (error) {
      return notWritten(directory, (error as Error).message)
    }
    this.#files.set(key, file)
    return new EntraError('ArcChallenge', {}, { 'www-authenticate': `Basic realm=${file}` })
  }

  async #remove (key: string, file: string): Promise<void> {
    this.#files.delete(key)
    await rm(file, { force: true })
  }
}

function notWritten (directory: string, reason: string): EntraError {
  return new EntraError('ArcKeyNotWritten', { directory, reason })
}
