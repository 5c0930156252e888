import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Test } from 'tap'
import { readDocument } from '../../../src/http/openapi.js'
import { bundlePublished } from '../published.js'

export { skipPublished as skip } from '../../harness/azure-data.js'

const OASDIFF = fileURLToPath(new URL('oasdiff', import.meta.url))

interface Change {
  readonly id: string
  readonly text: string
  readonly operationId?: string
}

interface Difference {
  readonly id: RegExp
  readonly text?: RegExp
  /** The operations with the difference. Default: all. */
  readonly of?: RegExp
  readonly because: string
}

/** The operations that read machines and scale sets. */
const MACHINES = /^VirtualMachine(?:s|ScaleSets|ScaleSetVMs)_(?:ListAll|List|Get|InstanceView|GetInstanceView)$/

/** The actions that accept `Prefer`. */
const ACTIONS = /^VirtualMachine(?:s|ScaleSets|ScaleSetVMs)_(?:RunCommand|Start|Restart|Redeploy|PowerOff|Deallocate)$/

/** All requests that start an operation. */
const STARTING = new RegExp(`${ACTIONS.source}|RunCommands_(?:CreateOrUpdate|Update|Delete)$`)

/** How openapi/arm.json differs from the published document, and why. */
const DIFFERENCES: readonly Difference[] = [
  { id: /^api-tag-/, because: 'tags only group the operations of the documentation page' },
  {
    id: /^request-parameter-(?:pattern-added|min-length-set|max-length-set)$/,
    text: /`(?:api-version|subscriptionId|resourceGroupName|vmName|vmScaleSetName|instanceId|runCommandName)`/,
    because: 'Azure checks these and publishes no rule; generators of requests need one'
  },
  {
    id: /^(?:request|response)-property-(?:pattern-added|min-set)$/,
    text: /`(?:value\/items\/)?(?:location|properties\/timeoutInSeconds)`/,
    of: /RunCommands_/,
    because: 'Azure checks these, too, and publishes no rule'
  },
  {
    id: /^new-optional-request-parameter$/,
    text: /`header` request parameter `prefer`/,
    of: ACTIONS,
    because: 'with Prefer a request chooses whether azrun waits for the result'
  },
  {
    id: /^response-header-added$/,
    of: STARTING,
    because: 'recorded: the document lacks the headers that every client follows'
  },
  { id: /^response-optional-property-removed$/, of: MACHINES, because: 'azrun returns only the members of a machine that clients read' },
  { id: /^api-schema-removed$/, because: 'azrun needs only the schemas of those members' },
  { id: /^response-property-became-not-enum$/, of: MACHINES, because: 'azrun does not list the sizes of machines and the kinds of disks' },
  { id: /^response-media-type-removed$/, text: /`text\/json`/, of: MACHINES, because: 'clients ask for application/json' },
  {
    id: /^response-media-type-removed$/,
    text: /`text\/json` for the response with the status `default`/,
    because: 'errors are application/json'
  },
  {
    id: /^(?:request|response)-(?:body|property)-type-(?:specialized|changed)$/,
    text: /from `any` to `object`/,
    because: 'Azure leaves out the type of a schema that has properties'
  },
  {
    id: /^response-optional-property-added$/,
    text: /`properties\/resilientVMDeletionStatus`/,
    because: 'recorded: azcli_power_vmss_2024-07-01, which uses a later version'
  }
]

/** Compares openapi/arm.json with Azure's published document. Every difference must have a reason in DIFFERENCES. */
export async function check (t: Test): Promise<void> {
  const { paths, ...arm } = readDocument('arm.json')
  const swagger = bundlePublished(paths)
  const { openapi: published } = await createRequire(import.meta.url)('swagger2openapi').convertObj(swagger, { patch: true })
  const ours = Object.entries(paths).filter(([path]) => path in published.paths)
  t.equal(ours.length, 33, 'it compares all paths that Azure publishes and azrun serves')
  const changes = await changesBetween(t, published, { ...arm, paths: Object.fromEntries(ours) })
  const unexplained = changes.filter(change => !DIFFERENCES.some(each => explains(each, change)))
  t.strictSame(unexplained.map(({ id, text, operationId }) => `${id} ${operationId}: ${text}`), [], 'every difference has a reason')
  const unused = DIFFERENCES.filter(each => !changes.some(change => explains(each, change)))
  t.strictSame(unused, [], 'every reason is for a difference')
}

function explains ({ id, text = /^/, of = /^/ }: Difference, change: Change): boolean {
  return id.test(change.id) && text.test(change.text) && of.test(change.operationId ?? '')
}

async function changesBetween (t: Test, base: object, revision: object): Promise<Change[]> {
  const directory = t.testdir()
  const files = Object.entries({ base, revision }).map(([name, document]) => {
    const file = join(directory, `${name}.json`)
    writeFileSync(file, JSON.stringify(document))
    return file
  })
  const { stdout } = await promisify(execFile)(OASDIFF, ['changelog', '--flatten-allof', '--format', 'json', ...files],
    { maxBuffer: 16 * 1024 * 1024 })
  return JSON.parse(stdout)
}
