import { X509Certificate } from 'node:crypto'
import { derivedId } from '../core/ids.js'
import { isSameSecret } from '../core/secrets.js'

/** An application that may log in. */
export interface ServicePrincipalDeclaration {
  readonly clientId: string
  /** Default: derived from the client id. */
  readonly objectId?: string
  /** If neither a secret nor a certificate is declared, any credential is accepted. */
  readonly clientSecret?: string
  /** PEM-encoded. */
  readonly certificate?: string
}

/** An application as its tokens and logins see it. */
export interface ServicePrincipal {
  readonly clientId: string
  readonly objectId: string
  readonly clientSecret?: string
  readonly certificate?: X509Certificate
  /** Whether it has no credential, so that only users can sign in through it. */
  readonly isPublic?: boolean
}

export interface ServicePrincipalsOptions {
  readonly declared?: readonly ServicePrincipalDeclaration[]
  /** Only declared applications and Microsoft's own exist. Default: without declarations every application exists. */
  readonly strict?: boolean
}

/**
 * Microsoft's own applications, which every tenant has (documented: application ids of first-party applications): az,
 * PowerShell, Visual Studio Code, Visual Studio.
 */
const FIRST_PARTY = new Set([
  '04b07795-8ddb-461a-bbee-02f9e1bf7b46', '1950a258-227b-4e31-a9cf-717495945fc2',
  'aebc6443-996d-45c2-90f0-388ff96faa56', '872cd9fa-d31f-45e0-9eab-6e460a02d1f1'
])

/** The applications that exist: declared ones and Microsoft's own or, if every application exists, any. */
export class ServicePrincipals {
  #declared: ReadonlyMap<string, ServicePrincipal> = new Map()
  #isOpen = true

  constructor (options: ServicePrincipalsOptions = {}) {
    this.redeclare(options)
  }

  /** Replaces the declarations. */
  redeclare ({ declared = [], strict = false }: ServicePrincipalsOptions): void {
    const principals = declared.map(servicePrincipal)
    this.#declared = new Map(principals.map(principal => [principal.clientId.toLowerCase(), principal]))
    this.#isOpen = !strict && declared.length === 0
  }

  /** Whether every application exists, with any credential. */
  get isOpen (): boolean {
    return this.#isOpen
  }

  list (): readonly ServicePrincipal[] {
    return [...this.#declared.values()]
  }

  /** The application with this id, if it exists. */
  find (clientId: string): ServicePrincipal | undefined {
    const declared = this.#declared.get(clientId.toLowerCase())
    if (declared !== undefined) return declared
    if (this.isOpen) return servicePrincipal({ clientId })
    return FIRST_PARTY.has(clientId.toLowerCase()) ? { ...servicePrincipal({ clientId }), isPublic: true } : undefined
  }
}

/** Whether the application accepts this secret: its own one or, without any declared credential, any. */
export function isSecretOf ({ clientSecret, certificate }: ServicePrincipal, given: string): boolean {
  return clientSecret === undefined ? certificate === undefined : isSameSecret(clientSecret, given)
}

function servicePrincipal (declaration: ServicePrincipalDeclaration): ServicePrincipal {
  const { clientId, objectId = derivedId(clientId), clientSecret, certificate: pem } = declaration
  return { clientId, objectId, clientSecret, certificate: pem === undefined ? undefined : certificateOf(pem) }
}

/** Throws an error that says what is wrong with an invalid certificate. */
export function certificateOf (pem: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch (error) {
    throw new Error(`is not a PEM-encoded X.509 certificate: ${(error as Error).message}`)
  }
}
