/** The error's message, with what to do if the disk is full. */
export function whyNotStored (error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return code === 'ENOSPC' ? 'the disk is full: make room, or choose another directory' : message
}

/** Why a file cannot be written, and what to do. Follows the file's name in a message. */
export function whyUnwritable (error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException
  return WORDS[code] ?? `cannot be written: ${message}`
}

const DIRECTORY = 'must be a file, not a directory: check the path'
const FORBIDDEN = 'cannot be written by this user: change the mode of its directory, or name a file elsewhere'

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'cannot be written, since its directory does not exist: make that, or check the path',
  ENOTDIR: 'cannot be written, since a part of its path is a file: check the path',
  EISDIR: DIRECTORY,
  ERR_FS_EISDIR: DIRECTORY,
  ENXIO: 'must be a file, not a pipe or a device: check the path',
  EACCES: FORBIDDEN,
  EPERM: FORBIDDEN,
  EROFS: 'cannot be written, since its file system is read-only: name a file elsewhere',
  ENOSPC: 'cannot be written, since the disk is full: make room, or name a file elsewhere'
}
