import type { Test } from 'tap'
import type { Bodies } from './bodies.js'

/**
 * Recorded members that azrun's machines lack: tags, extensions, data disks, and a system disk that is a blob, which
 * keeps its size when the machine is deallocated.
 */
const LACKING: readonly string[] = [
  'properties.instanceView.disks[]',
  'properties.instanceView.extensions',
  'properties.instanceView.vmAgent.extensionHandlers[]',
  'properties.storageProfile.dataDisks[]',
  'properties.storageProfile.osDisk.diskSizeGB',
  'properties.storageProfile.osDisk.vhd',
  'resources',
  'tags'
]

const missing = new Set<string>()

/** The members that were missing but are not in the table, and those in the table that were not missing. */
export function unexpectedlyMissing (): string[] {
  const found = [...new Set([...missing].map(path => path.replace('value[].', '')))]
  return [...found.filter(path => !LACKING.includes(path)), ...LACKING.filter(path => !found.includes(path))]
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }

/**
 * Compares documents of machines, scale sets and groups: the order of their members, their types, the states and the
 * whitespace, but not the values of the machine itself.
 */
export function compareDocuments (t: Test, title: string, { ours, theirs }: Bodies): void {
  const [body, recorded] = [ours, theirs].map(text => JSON.parse(text) as Json)
  const comparable = withoutMissing(recorded!, body!, '')
  t.strictSame(shapeOf(withoutManaged(body!, theirs)), shapeOf(comparable), `${title}: the order of the members`)
  t.strictSame(statesIn(body!), statesIn(recorded!), `${title}: the states`)
  t.equal(written(recorded!, theirs), theirs, `${title}: the recording has known whitespace`)
  t.equal(ours, written(body!, theirs), `${title}: the whitespace of the recording`)
}

/** A recorded value without the members that azrun's lacks. Adds their paths to `missing`. */
function withoutMissing (theirs: Json, ours: Json, path: string): Json {
  if (Array.isArray(theirs) && Array.isArray(ours)) {
    if (theirs.length > ours.length) missing.add(`${path}[]`)
    return ours.map((each, index) => withoutMissing(theirs[index]!, each, `${path}[]`))
  }
  if (!isObject(theirs) || !isObject(ours)) return theirs
  const shared = Object.entries(theirs).flatMap(([name, value]) => {
    const member = path === '' ? name : `${path}.${name}`
    if (name in ours) return [[name, withoutMissing(value, ours[name]!, member)] as const]
    missing.add(member)
    return []
  })
  return Object.fromEntries(shared)
}

/** azrun's value, without its managed disk if the recorded disk is a blob. */
function withoutManaged (ours: Json, recorded: string): Json {
  if (!recorded.includes('"vhd":')) return ours
  return JSON.parse(JSON.stringify(ours, (name, each: Json) => name === 'managedDisk' ? undefined : each)) as Json
}

/** The names in their order, and the types of the values. */
function shapeOf (value: Json): unknown {
  if (Array.isArray(value)) return value.map(shapeOf)
  if (!isObject(value)) return typeof value
  return Object.entries(value).map(([name, each]) => [name, shapeOf(each)])
}

/** The provisioning states, and the statuses of instance views without their times. */
function statesIn (value: Json): unknown {
  if (Array.isArray(value)) return value.map(statesIn)
  if (!isObject(value)) return undefined
  const { provisioningState, statuses, properties, instanceView, value: items } = value
  const ofStatuses = Array.isArray(statuses) ? statuses.map(({ time, ...status }) => status) : undefined
  return [provisioningState, ofStatuses, ...[properties, instanceView, items].map(each => each && statesIn(each))]
}

function isObject (value: Json): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** JSON with the whitespace of an example: compact, or indented with compact network profiles. */
function written (value: Json, example: string): string {
  if (!example.startsWith('{\r\n')) return JSON.stringify(value)
  const profiles: string[] = []
  const place = (each: Json) => `PROFILE ${profiles.push(JSON.stringify(each)) - 1}`
  return JSON.stringify(value, (name, each) => name.startsWith('networkProfile') ? place(each) : each, 2)
    .replaceAll('\n', '\r\n').replaceAll(/"PROFILE (\d+)"/g, (_, index: string) => profiles[Number(index)]!)
}
