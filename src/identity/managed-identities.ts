import { derivedId } from '../core/ids.js'
import type { Subscriptions } from '../resources/subscriptions.js'
import type { Principal } from './claims.js'
import type { ServicePrincipals } from './service-principals.js'

/** Selects a user-assigned identity by one of its three ids; without any, the system-assigned identity. */
export interface IdentitySelector {
  readonly clientId?: string
  readonly objectId?: string
  readonly resourceId?: string
}

/** An identity of the machine that clients run on. */
export interface ManagedIdentityDeclaration {
  readonly clientId: string
  /** Default: derived from the client id. */
  readonly objectId?: string
  /**
   * The id of the identity itself if it is user-assigned, of its machine if it is system-assigned. Default: that of a
   * user-assigned identity with the client id as its name.
   */
  readonly resourceId?: string
}

export interface ManagedIdentitiesOptions {
  readonly subscriptions: Subscriptions
  readonly servicePrincipals: ServicePrincipals
  readonly declared?: readonly ManagedIdentityDeclaration[]
  /** Only declared identities exist. Default: without declarations every identity exists. */
  readonly strict?: boolean
}

type AppPrincipal = Extract<Principal, { kind: 'app' }>

interface ManagedIdentity extends AppPrincipal {
  readonly resourceId: string
}

/** The identities of the machine that a program runs on: the declared ones or, if every identity exists, any. */
export class ManagedIdentities {
  readonly #subscriptions: Subscriptions
  readonly #servicePrincipals: ServicePrincipals
  #declared: readonly ManagedIdentityDeclaration[] = []
  #isOpen = true

  constructor ({ subscriptions, servicePrincipals, ...options }: ManagedIdentitiesOptions) {
    this.#subscriptions = subscriptions
    this.#servicePrincipals = servicePrincipals
    this.redeclare(options)
  }

  /** Replaces the declarations. */
  redeclare ({ declared = [], strict = false }: Pick<ManagedIdentitiesOptions, 'declared' | 'strict'>): void {
    this.#declared = declared
    this.#isOpen = !strict && declared.length === 0
  }

  /** The machine that the identities belong to. */
  get machine (): { subscriptionId: string, resourceGroup: string, name: string, resourceId: string } {
    const { subscriptionId } = this.#subscriptions.default
    const [resourceGroup, name] = ['azrun', 'azrun']
    return { subscriptionId, resourceGroup, name, resourceId: `${this.#group}/providers/Microsoft.Compute/virtualMachines/${name}` }
  }

  /** The identity, or why there is none: `ambiguous` if none is selected and there are several. */
  find (selector: IdentitySelector): AppPrincipal | 'unknown' | 'ambiguous' {
    if (this.#isOpen) return this.#anyIdentity(selector)
    const identities = this.#declared.map(declaration => this.#identity(declaration))
    const isSelected = Object.values(selector).some(id => id !== undefined)
    return isSelected ? identities.find(identity => hasIds(identity, selector)) ?? 'unknown' : unselected(identities)
  }

  #anyIdentity ({ clientId, objectId, resourceId }: IdentitySelector): AppPrincipal {
    if (clientId === undefined && objectId === undefined && resourceId === undefined) {
      return this.#identity({ clientId: derivedId('system-assigned'), resourceId: this.machine.resourceId })
    }
    return this.#identity({ clientId: clientId ?? derivedId(resourceId ?? `object ${objectId}`), objectId, resourceId })
  }

  /** An identity that is declared as a service principal has its declared object id. */
  #identity ({ clientId, objectId, resourceId }: ManagedIdentityDeclaration): ManagedIdentity {
    return {
      kind: 'app',
      clientId,
      objectId: objectId ?? this.#servicePrincipals.find(clientId)?.objectId ?? derivedId(clientId),
      resourceId: resourceId ?? `${this.#group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${clientId}`
    }
  }

  get #group (): string {
    return `/subscriptions/${this.#subscriptions.default.subscriptionId}/resourcegroups/azrun`
  }
}

function hasIds (identity: ManagedIdentity, selector: IdentitySelector): boolean {
  return (['clientId', 'objectId', 'resourceId'] as const).every(name =>
    selector[name] === undefined || selector[name].toLowerCase() === identity[name].toLowerCase())
}

/** Documented: without a selector, it is the system-assigned identity or, without one, the only other identity. */
function unselected (identities: readonly ManagedIdentity[]): ManagedIdentity | 'unknown' | 'ambiguous' {
  const systemAssigned = identities.filter(({ resourceId }) => !/\/userAssignedIdentities\//i.test(resourceId))
  const [found, ...others] = systemAssigned.length > 0 ? systemAssigned : identities
  if (found === undefined) return 'unknown'
  return others.length > 0 ? 'ambiguous' : found
}
