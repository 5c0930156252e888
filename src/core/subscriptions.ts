import type { VirtualMachines } from './virtual-machines.js'

export interface Subscription {
  readonly subscriptionId: string
  readonly displayName: string
  readonly tenantId: string
}

export type SubscriptionDeclaration = Pick<Subscription, 'subscriptionId'> & Partial<Subscription>

const DEFAULTS = { displayName: 'azrun', tenantId: '00000000-0000-4000-8000-617a72756e00' } as const

/** Listed when nothing is declared: a client that logs in needs a subscription. */
const FALLBACK = '00000000-0000-0000-0000-000000000000'

export interface SubscriptionsOptions {
  readonly virtualMachines: VirtualMachines
  readonly declared?: readonly SubscriptionDeclaration[]
  /** Only declared subscriptions and those of declared machines exist. Default: every id exists. */
  readonly strict?: boolean
}

/** The subscriptions that exist: declared ones, those of declared machines and, unless strict, any other. */
export class Subscriptions {
  readonly #virtualMachines: VirtualMachines
  #declared: ReadonlyMap<string, Subscription> = new Map()
  #tenants: ReadonlySet<string> = new Set()
  #strict = false

  constructor ({ virtualMachines, ...options }: SubscriptionsOptions) {
    this.#virtualMachines = virtualMachines
    this.redeclare(options)
  }

  /** Replaces what is declared. */
  redeclare ({ declared = [], strict = false }: Omit<SubscriptionsOptions, 'virtualMachines'>): void {
    this.#declared = new Map(declared.map(each => [each.subscriptionId.toLowerCase(), withDefaults(each)]))
    this.#tenants = new Set([...this.#declared.values()].map(({ tenantId }) => tenantId.toLowerCase()))
    this.#strict = strict
  }

  list (): readonly Subscription[] {
    const known = [...this.#declared.values(), ...this.#ofMachines()]
    return known.length > 0 || this.#strict ? known : [withDefaults({ subscriptionId: FALLBACK })]
  }

  find (subscriptionId: string): Subscription | undefined {
    const declared = this.#declared.get(subscriptionId.toLowerCase())
    if (declared !== undefined) return declared
    const known = this.#virtualMachines.declaredSubscriptionId(subscriptionId)
    if (known === undefined && this.#strict) return undefined
    return withDefaults({ subscriptionId: known ?? subscriptionId })
  }

  has (subscriptionId: string): boolean {
    return !this.#strict || this.isDeclared(subscriptionId)
  }

  /** The first subscription: it is meant where a client does not name one. */
  get default (): Subscription {
    const [declared] = this.#declared.values()
    if (declared !== undefined) return declared
    const [ofMachines] = this.#ofMachines()
    return ofMachines ?? withDefaults({ subscriptionId: FALLBACK })
  }

  /** Whether it is declared, itself or by a machine in it. Any other belongs to every tenant. */
  isDeclared (subscriptionId: string): boolean {
    return this.#declared.has(subscriptionId.toLowerCase()) ||
      this.#virtualMachines.declaredSubscriptionId(subscriptionId) !== undefined
  }

  hasTenant (tenantId: string): boolean {
    const key = tenantId.toLowerCase()
    if (!this.#strict || this.#tenants.has(key) || this.default.tenantId.toLowerCase() === key) return true
    if (key !== DEFAULTS.tenantId) return false
    const [ofMachines] = this.#ofMachines()
    return ofMachines !== undefined
  }

  /** The subscriptions that only machines declare: they are all of the default tenant. */
  * #ofMachines (): Iterable<Subscription> {
    for (const subscriptionId of this.#virtualMachines.subscriptionIds()) {
      if (!this.#declared.has(subscriptionId.toLowerCase())) yield withDefaults({ subscriptionId })
    }
  }
}

function withDefaults (subscription: SubscriptionDeclaration): Subscription {
  return { ...DEFAULTS, ...subscription }
}
