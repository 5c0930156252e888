import type { Test } from 'tap'
import type { Bodies } from './bodies.js'

/**
 * Members of what was read that azrun's machines do not have: tags, extensions, data disks, and a system disk that is a
 * blob, which keeps its size when the machine is deallocated.
 */
const LEFT_OUT: readonly string[] = [
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

/** What was missing and is not in the table, and what is in the table and was not missing. */
export function unexpectedlyMissing (): string[] {
  const found = [...new Set([...missing].map(path => path.replace('value[].', '')))]
  return [...found.filter(path => !LEFT_OUT.includes(path)), ...LEFT_OUT.filter(path => !found.includes(path))]
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }

/**
 * Compares what is read of machines, scale sets and groups: the members in their order, their types, the states and how
 * it is written; not the values that belong to the machine itself.
 */
export function compareDocuments (t: Test, title: string, { ours, theirs }: Bodies): void {
  const [body, recorded] = [ours, theirs].map(text => JSON.parse(text) as Json)
  const comparable = withoutMissing(recorded!, body!, '')
  t.strictSame(shapeOf(withoutManaged(body!, theirs)), shapeOf(comparable), `${title}: the members in their order`)
  t.strictSame(statesIn(body!), statesIn(recorded!), `${title}: the states`)
  t.equal(written(recorded!, theirs), theirs, `${title}: recorded`)
  t.equal(ours, written(body!, theirs), `${title}: written as that`)
}

/** A recorded value without the members that azrun's lacks, whose paths are added to `missing`. */
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

/** Our value beside a recorded one: its disk is a blob in some, and in all others managed, as azrun's are. */
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

/** What is said of the state: of provisioning, and the statuses of the view but for their times. */
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

/** JSON with the whitespace of this example: compact, or indented but for a network profile. */
function written (value: Json, example: string): string {
  if (!example.startsWith('{\r\n')) return JSON.stringify(value)
  const profiles: string[] = []
  const place = (each: Json) => `PROFILE ${profiles.push(JSON.stringify(each)) - 1}`
  return JSON.stringify(value, (name, each) => name.startsWith('networkProfile') ? place(each) : each, 2)
    .replaceAll('\n', '\r\n').replaceAll(/"PROFILE (\d+)"/g, (_, index: string) => profiles[Number(index)]!)
}
