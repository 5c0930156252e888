import type { PublicJwk } from '../identity/jwk.js'
import { certificateOf } from '../identity/service-principals.js'
import { verificationKey } from '../identity/trusted-keys.js'
import type { Mistake } from '../validation/mistakes.js'
import type { Path } from '../validation/paths.js'

type Declared = Readonly<Record<string, unknown>>

/** The members that identify a declaration: no other of its list may have the same values. */
interface Identity {
  readonly of: readonly string[]
  /** Members that also count if they are given. */
  readonly optional?: readonly string[]
  /** What a message calls the identity. */
  readonly name: string
}

const IDENTITIES: Readonly<Record<string, Identity>> = {
  virtualMachines: { of: ['name', 'resourceGroup', 'subscriptionId'], name: 'name' },
  virtualMachineScaleSets: { of: ['name', 'resourceGroup', 'subscriptionId'], name: 'name' },
  resourceGroups: { of: ['name', 'subscriptionId'], name: 'name' },
  resourceGroupStates: { of: ['name', 'subscriptionId'], name: 'name' },
  powerStates: { of: ['name', 'resourceGroup', 'subscriptionId'], optional: ['instanceId'], name: 'name' },
  runCommands: {
    of: ['name', 'resourceGroup', 'subscriptionId'], optional: ['vmName', 'vmScaleSetName', 'instanceId'], name: 'name'
  },
  subscriptions: { of: ['subscriptionId'], name: 'subscriptionId' },
  servicePrincipals: { of: ['clientId'], name: 'clientId' },
  managedIdentities: { of: ['clientId'], name: 'clientId' },
  users: { of: ['name'], name: 'name' },
  trustedKeys: { of: ['kid'], name: 'kid' }
}

/** Checks lists of declarations for what a schema cannot express. Ignores values that their schema rejects. */
export function declarationMistakes (values: unknown): Mistake[] {
  return [
    ...Object.keys(IDENTITIES).flatMap(list => duplicates(list, declarationsIn(values, list))),
    ...declarationsIn(values, 'runCommands').filter(([, declared]) => !namesOneMachine(declared)).map(([index]) =>
      ({ path: ['runCommands', index], at: 'value' as const, predicate: 'must have either vmName, or vmScaleSetName and instanceId' })),
    ...declarationsIn(values, 'servicePrincipals').flatMap(([index, { certificate }]) => {
      const isPem = typeof certificate === 'string' && certificate.startsWith('-----BEGIN CERTIFICATE-----')
      return isPem ? refused(['servicePrincipals', index, 'certificate'], () => certificateOf(certificate)) : []
    }),
    ...declarationsIn(values, 'trustedKeys').flatMap(([index, jwk]) =>
      jwk['kty'] === 'RSA' || jwk['kty'] === 'EC' ? refused(['trustedKeys', index], () => verificationKey(jwk as PublicJwk)) : [])
  ]
}

function namesOneMachine ({ vmName, vmScaleSetName, instanceId }: Declared): boolean {
  const ofInstance = [vmScaleSetName, instanceId].filter(value => value !== undefined)
  return ofInstance.length === (vmName === undefined ? 2 : 0)
}

/** The objects in a list, with their indexes. */
function declarationsIn (values: unknown, list: string): [number, Declared][] {
  const declared = (values as Record<string, unknown> | null)?.[list]
  if (!Array.isArray(declared)) return []
  return [...declared.entries()].filter(([, each]) => typeof each === 'object' && each !== null)
}

function duplicates (list: string, declared: readonly [number, Declared][]): Mistake[] {
  const { of, optional = [], name } = IDENTITIES[list]!
  const first = new Map<string, number>()
  return declared.flatMap(([index, each]) => {
    const values = of.map(member => each[member])
    if (values.some(value => typeof value !== 'string')) return []
    // Only the id of a key is case-sensitive.
    const whole = [...values, ...optional.map(member => each[member])].join('\n')
    const identity = list === 'trustedKeys' ? whole : whole.toLowerCase()
    const other = first.get(identity)
    if (other === undefined) { first.set(identity, index); return [] }
    const shown = of.includes('resourceGroup') ? `'${values[0]}' in resource group '${values[1]}'` : `'${values[0]}'`
    const predicate = `has the same ${name} as '${list}[${other}]', ${shown}: remove one of the two`
    return [{ path: [list, index], at: 'value' as const, predicate }]
  })
}

function refused (path: Path, parse: () => unknown): Mistake[] {
  try {
    parse()
    return []
  } catch (error) {
    return [{ path, at: 'value', predicate: (error as Error).message }]
  }
}
