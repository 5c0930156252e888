/** Why a file cannot be read, and what to do. Follows the file's name in a message. */
export function whyUnreadable (error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException
  return WORDS[code] ?? `cannot be read: ${message}`
}

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist: check the path',
  ENOTDIR: 'does not exist, since a part of its path is a file: check the path',
  EISDIR: 'must be a file, not a directory: check the path',
  ELOOP: 'cannot be read, since its links lead in a circle: check the path',
  EFBIG: 'is too large, with more than 64 MiB: check the path',
  EACCES: 'cannot be read by this user: change its mode, or that of a directory above it'
}
