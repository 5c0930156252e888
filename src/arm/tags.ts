import { ArmError } from './errors.js'

/** The tags of a resource. A value may be missing: a body may have null for one. */
export type Tags = Readonly<Record<string, string | null | undefined>>

/** Documented: limits of tags. */
const MOST_TAGS = 50
const LONGEST_NAME = 512
const LONGEST_VALUE = 256

/** Characters that names do not have (documented), unless they begin as those that only the portal reads (inferred). */
// eslint-disable-next-line no-control-regex
const RESERVED = /^(?!hidden-|link:).*[<>%&\\?/\u0000-\u001f\u007f]/s

/** Throws for tags that no resource may have; Resource Manager checks them before the service of the resource does. */
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
