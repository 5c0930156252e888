import type { DeclaredGroups } from './declared-groups.js'

export interface Subscription {
  readonly subscriptionId: string
  readonly displayName: string
  readonly tenantId: string
}

/** A subscription as it is declared. */
export interface SubscriptionDeclaration {
  readonly subscriptionId: string
  /** Default: `azrun`. */
  readonly displayName?: string
  /** Default: a tenant that azrun makes up. */
  readonly tenantId?: string
}

const DEFAULTS = { displayName: 'azrun', tenantId: '00000000-0000-4000-8000-617a72756e00' } as const

/** Listed if nothing is declared, because a client that logs in needs a subscription. */
const FALLBACK = '00000000-0000-0000-0000-000000000000'

export interface SubscriptionsOptions {
  readonly groups: DeclaredGroups
  readonly declared?: readonly SubscriptionDeclaration[]
  /** Only declared subscriptions and those of declared groups exist. Default: every subscription exists. */
  readonly strict?: boolean
}

/** The subscriptions that exist: declared ones, those of declared groups and, unless strict, any other. */
export class Subscriptions {
  readonly #groups: DeclaredGroups
  #declared: ReadonlyMap<string, Subscription> = new Map()
  #tenants: ReadonlySet<string> = new Set()
  #strict = false

  constructor ({ groups, ...options }: SubscriptionsOptions) {
    this.#groups = groups
    this.redeclare(options)
  }

  /** Replaces the declarations. */
  redeclare ({ declared = [], strict = false }: Omit<SubscriptionsOptions, 'groups'>): void {
    this.#declared = new Map(declared.map(declaration =>
      [declaration.subscriptionId.toLowerCase(), withDefaults(declaration)]))
    this.#tenants = new Set([...this.#declared.values()].map(({ tenantId }) => tenantId.toLowerCase()))
    this.#strict = strict
  }

  list (): readonly Subscription[] {
    const known = [...this.#declared.values(), ...this.#ofGroups()]
    return known.length > 0 || this.#strict ? known : [withDefaults({ subscriptionId: FALLBACK })]
  }

  find (subscriptionId: string): Subscription | undefined {
    const declared = this.#declared.get(subscriptionId.toLowerCase())
    if (declared !== undefined) return declared
    const known = this.#groups.declaredSubscriptionId(subscriptionId)
    if (known === undefined && this.#strict) return undefined
    return withDefaults({ subscriptionId: known ?? subscriptionId })
  }

  has (subscriptionId: string): boolean {
    return !this.#strict || this.isDeclared(subscriptionId)
  }

  /** The first subscription, for clients that do not name one. */
  get default (): Subscription {
    const [declared] = this.#declared.values()
    if (declared !== undefined) return declared
    const [ofGroups] = this.#ofGroups()
    return ofGroups ?? withDefaults({ subscriptionId: FALLBACK })
  }

  /** Whether the subscription or a group in it is declared. Any other subscription belongs to every tenant. */
  isDeclared (subscriptionId: string): boolean {
    return this.#declared.has(subscriptionId.toLowerCase()) ||
      this.#groups.declaredSubscriptionId(subscriptionId) !== undefined
  }

  hasTenant (tenantId: string): boolean {
    const key = tenantId.toLowerCase()
    if (!this.#strict || this.#tenants.has(key) || this.default.tenantId.toLowerCase() === key) return true
    if (key !== DEFAULTS.tenantId) return false
    const [ofGroups] = this.#ofGroups()
    return ofGroups !== undefined
  }

  /** The subscriptions that only declared groups name. All of them belong to the default tenant. */
  * #ofGroups (): Iterable<Subscription> {
    for (const subscriptionId of this.#groups.subscriptionIds()) {
      if (!this.#declared.has(subscriptionId.toLowerCase())) yield withDefaults({ subscriptionId })
    }
  }
}

function withDefaults (subscription: SubscriptionDeclaration): Subscription {
  return { ...DEFAULTS, ...subscription }
}
