import { ArmError } from '../errors/arm-error.js'

/** The tags of a resource. A value can be missing, since a body can have null. */
export type Tags = Readonly<Record<string, string | null | undefined>>

/** Documented: limits of tags. */
const MOST_TAGS = 50
const LONGEST_NAME = 512
const LONGEST_VALUE = 256

/** Characters not allowed in names (documented), except in those with the portal's prefixes (inferred). */
// eslint-disable-next-line no-control-regex
const RESERVED = /^(?!hidden-|link:).*[<>%&\\?/\u0000-\u001f\u007f]/s

/** Throws for invalid tags. Resource Manager checks them before the resource's service does. */
export function requireTags (tags: Tags | undefined): void {
  if (tags === undefined) return
  const names = Object.keys(tags)
  if (names.length > MOST_TAGS) throw new ArmError('InvalidTags', { count: names.length })
  if (names.some(name => name.trim() === '')) throw new ArmError('InvalidTagName')
  refuse('InvalidTagNameCharacters', names.filter(name => RESERVED.test(name)))
  refuse('InvalidTagNameLength', names.filter(name => name.length > LONGEST_NAME))
  refuse('InvalidTagValueLength', Object.values(tags).filter(value => (value ?? '').length > LONGEST_VALUE))
}

function refuse (entry: 'InvalidTagNameCharacters' | 'InvalidTagNameLength' | 'InvalidTagValueLength',
  wrong: readonly unknown[]): void {
  if (wrong.length > 0) throw new ArmError(entry, { wrong: wrong.join(', ') })
}
