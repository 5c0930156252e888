import type { Subscriptions } from '../core/subscriptions.js'
import type { Principal } from './claims.js'
import { derivedId } from '../core/derived-id.js'
import type { ServicePrincipals } from './service-principals.js'

/** Names a user-assigned identity in one of its three ways; nothing of it means the system-assigned one. */
export interface IdentitySelector {
  readonly clientId?: string
  readonly objectId?: string
  readonly resourceId?: string
}

export interface ManagedIdentitiesOptions {
  readonly subscriptions: Subscriptions
  readonly servicePrincipals: ServicePrincipals
}

type AppPrincipal = Extract<Principal, { kind: 'app' }>

/** The identities that a program finds on its machine: every one that it asks for. */
export class ManagedIdentities {
  readonly #subscriptions: Subscriptions
  readonly #servicePrincipals: ServicePrincipals

  constructor ({ subscriptions, servicePrincipals }: ManagedIdentitiesOptions) {
    this.#subscriptions = subscriptions
    this.#servicePrincipals = servicePrincipals
  }

  /** The machine that the identities are on. */
  get machine (): { subscriptionId: string, resourceGroup: string, name: string, resourceId: string } {
    const { subscriptionId } = this.#subscriptions.default
    const [resourceGroup, name] = ['azrun', 'azrun']
    return { subscriptionId, resourceGroup, name, resourceId: `${this.#group}/providers/Microsoft.Compute/virtualMachines/${name}` }
  }

  find ({ clientId, objectId, resourceId }: IdentitySelector): AppPrincipal {
    if (clientId === undefined && objectId === undefined && resourceId === undefined) {
      return this.#principal(derivedId('system-assigned'), this.machine.resourceId)
    }
    const id = clientId ?? derivedId(resourceId ?? `object ${objectId}`)
    const name = resourceId ?? `${this.#group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${id}`
    return { ...this.#principal(id, name), ...objectId !== undefined && { objectId } }
  }

  get #group (): string {
    return `/subscriptions/${this.#subscriptions.default.subscriptionId}/resourcegroups/azrun`
  }

  /** An identity that is declared as a service principal has the object id that it has there. */
  #principal (clientId: string, resourceId: string): AppPrincipal {
    const objectId = this.#servicePrincipals.find(clientId)?.objectId ?? derivedId(clientId)
    return { kind: 'app', clientId, objectId, resourceId }
  }
}
