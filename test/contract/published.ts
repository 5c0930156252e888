import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PUBLISHED } from '../harness/azure-data.js'

const FILES = ['runCommand', 'virtualMachine', 'virtualMachineScaleSet', 'computeRPCommon'].map(name => `${name}.json`)

/**
 * Writes the published documents without their examples, which are incomplete. The folders are those of Azure's
 * repository, because the documents refer to each other by relative paths. Returns the folder of the API.
 */
export function writePublished (directory: string): string {
  const provider = join(directory, 'specification', 'compute', 'resource-manager', 'Microsoft.Compute')
  const [api, common] = [join(provider, 'ComputeRP', 'stable', '2024-03-01'), join(provider, 'common-types', 'v1')]
  for (const each of [api, common]) mkdirSync(each, { recursive: true })
  writeFileSync(join(common, 'common.json'), read('common.json'))
  for (const file of FILES) writeFileSync(join(api, file), read(file))
  return api
}

function read (file: string): string {
  return JSON.stringify(parse(file), withoutExamples)
}

function parse (file: string): any {
  return JSON.parse(readFileSync(new URL(file, PUBLISHED), 'utf8'))
}

function withoutExamples (key: string, value: unknown): unknown {
  return key === 'x-ms-examples' ? undefined : value
}

type Methods = Readonly<Record<string, object>>

/** A document with the published operations that `paths` also has, and with everything that they refer to. */
export function bundlePublished (paths: Readonly<Record<string, Methods>>): object {
  const bundle = { ...parse('runCommand.json'), paths: {}, definitions: {}, parameters: {} }
  for (const file of ['runCommand.json', 'virtualMachine.json', 'virtualMachineScaleSet.json']) {
    for (const [path, methods] of Object.entries<Methods>(parse(file).paths)) {
      const served = Object.entries(methods).filter(([method]) => paths[path]?.[method] !== undefined)
      if (served.length > 0) bundle.paths[path] = withLocalReferences(Object.fromEntries(served), file, bundle)
    }
  }
  return bundle
}

/** A copy of a node. Copies what it refers to into the bundle, and makes its references local. */
function withLocalReferences (node: unknown, file: string, bundle: any): unknown {
  return JSON.parse(JSON.stringify(node, withoutExamples), (key, value) => {
    if (key !== '$ref') return value
    const [path = '', pointer = ''] = `${value}`.split('#')
    const home = path === '' ? file : path.slice(path.lastIndexOf('/') + 1)
    const [, kind = '', name = ''] = pointer.split('/')
    if (!(name in bundle[kind])) {
      // The placeholder comes first, because a definition may refer to itself.
      bundle[kind][name] = {}
      bundle[kind][name] = withLocalReferences(parse(home)[kind][name], home, bundle)
    }
    return `#/${kind}/${name}`
  })
}
