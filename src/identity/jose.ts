/** The library is many files: it is loaded when a token is first at hand, not at every start. */
export async function loadJose (): Promise<typeof import('jose')> {
  return await import('jose')
}
