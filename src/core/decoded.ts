/** Decodes percent-encoding. A text with malformed escapes stays as it is. */
export function decoded (text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Decodes a name or value of a form or query, in which a plus is a space. */
export function formDecoded (text: string): string {
  return decoded(text.replaceAll('+', ' '))
}
