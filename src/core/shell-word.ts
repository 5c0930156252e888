/** Quotes a text as one word for a POSIX shell. Within single quotes, only the single quote itself is special. */
export function shellWord (text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
