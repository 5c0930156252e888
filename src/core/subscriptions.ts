import type { VirtualMachines } from './virtual-machines.js'

export interface Subscription {
  readonly subscriptionId: string
  readonly displayName: string
  readonly tenantId: string
}

export type SubscriptionDeclaration = Pick<Subscription, 'subscriptionId'> & Partial<Subscription>

const DEFAULTS = { displayName: 'azrun', tenantId: '00000000-0000-4000-8000-617a72756e00' } as const

/** Listed where nothing is declared: a client that logs in needs one. */
const FALLBACK = '00000000-0000-0000-0000-000000000000'

export interface SubscriptionsOptions {
  readonly virtualMachines: VirtualMachines
  readonly declared?: readonly SubscriptionDeclaration[]
  /** Only what is declared exists, as a subscription or by a machine in it. Default: every id exists. */
  readonly strict?: boolean
}

/** The subscriptions that exist: the declared ones, those of declared machines and, unless strict, any other. */
export class Subscriptions {
  readonly #virtualMachines: VirtualMachines
  readonly #declared: readonly Subscription[]
  readonly #strict: boolean

  constructor ({ virtualMachines, declared = [], strict = false }: SubscriptionsOptions) {
    this.#virtualMachines = virtualMachines
    this.#declared = declared.map(withDefaults)
    this.#strict = strict
  }

  list (): readonly Subscription[] {
    const known = new Map(this.#declared.map(each => [each.subscriptionId.toLowerCase(), each]))
    for (const { subscriptionId } of this.#virtualMachines.list()) {
      const key = subscriptionId.toLowerCase()
      if (!known.has(key)) known.set(key, withDefaults({ subscriptionId }))
    }
    return known.size > 0 || this.#strict ? [...known.values()] : [withDefaults({ subscriptionId: FALLBACK })]
  }

  find (subscriptionId: string): Subscription | undefined {
    const key = subscriptionId.toLowerCase()
    const known = this.list().find(each => each.subscriptionId.toLowerCase() === key)
    return known ?? (this.#strict ? undefined : withDefaults({ subscriptionId }))
  }

  has (subscriptionId: string): boolean {
    return !this.#strict || this.find(subscriptionId) !== undefined
  }

  /** The first that there is: the one that stands for all where a client names none. */
  get default (): Subscription {
    return this.list()[0] ?? withDefaults({ subscriptionId: FALLBACK })
  }

  /** Whether somebody has said of this one that it exists: else it is any tenant's. */
  isDeclared (subscriptionId: string): boolean {
    const key = subscriptionId.toLowerCase()
    return this.#declared.some(each => each.subscriptionId.toLowerCase() === key) ||
      this.#virtualMachines.list(subscriptionId).length > 0
  }

  hasTenant (tenantId: string): boolean {
    const key = tenantId.toLowerCase()
    return !this.#strict || [this.default, ...this.list()].some(each => each.tenantId.toLowerCase() === key)
  }
}

function withDefaults (subscription: SubscriptionDeclaration): Subscription {
  return { ...DEFAULTS, ...subscription }
}
