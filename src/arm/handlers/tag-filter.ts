interface Tagged {
  readonly tags?: Readonly<Record<string, string | undefined>> | undefined
}

/** The filter of a list in the form of `az group list --tag`, in any case. */
const FILTER = /^\s*tagname\s+eq\s+'([^']*)'(?:\s+and\s+tagvalue\s+eq\s+'([^']*)')?\s*$/i

/**
 * A test by one tag; undefined for another filter. Names of tags are case-insensitive, values are not (documented: tags
 * of resources).
 */
export function tagFilterOf (filter: string): ((resource: Tagged) => boolean) | undefined {
  const [, name, value] = FILTER.exec(filter) ?? []
  if (name === undefined) return undefined
  return ({ tags = {} }) => Object.entries(tags).some(([key, each]) =>
    key.toLowerCase() === name.toLowerCase() && (value === undefined || value === each))
}
