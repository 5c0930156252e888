import { createHash, timingSafeEqual, X509Certificate } from 'node:crypto'
import { UsageError } from '../usage-error.js'
import { derivedId } from '../core/derived-id.js'

export interface ServicePrincipalDeclaration {
  readonly clientId: string
  /** Default: one that follows from the client id. */
  readonly objectId?: string
  /** Where neither a secret nor a certificate is declared, any will do. */
  readonly clientSecret?: string
  /** In PEM. */
  readonly certificate?: string
}

export interface ServicePrincipal {
  readonly clientId: string
  readonly objectId: string
  readonly clientSecret?: string
  readonly certificate?: X509Certificate
}

/**
 * Microsoft's own, which every tenant has (documented: application ids of first-party applications): az, PowerShell,
 * Visual Studio Code, Visual Studio.
 */
const FIRST_PARTY = new Set([
  '04b07795-8ddb-461a-bbee-02f9e1bf7b46', '1950a258-227b-4e31-a9cf-717495945fc2',
  'aebc6443-996d-45c2-90f0-388ff96faa56', '872cd9fa-d31f-45e0-9eab-6e460a02d1f1'
])

/** The applications that may log in: the declared ones or, where none is, every one. */
export class ServicePrincipals {
  readonly #declared: ReadonlyMap<string, ServicePrincipal>

  /** Throws a `UsageError` for a certificate that is none. */
  constructor ({ declared = [] }: { readonly declared?: readonly ServicePrincipalDeclaration[] } = {}) {
    this.#declared = new Map(declared.map(each => [each.clientId.toLowerCase(), servicePrincipal(each)]))
  }

  /** Whether any is declared: else who logs in does not matter. */
  get areDeclared (): boolean {
    return this.#declared.size > 0
  }

  list (): readonly ServicePrincipal[] {
    return [...this.#declared.values()]
  }

  /** Undefined for one that is not declared, where others are. */
  find (clientId: string): ServicePrincipal | undefined {
    const declared = this.#declared.get(clientId.toLowerCase())
    if (declared !== undefined) return declared
    const exists = !this.areDeclared || FIRST_PARTY.has(clientId.toLowerCase())
    return exists ? servicePrincipal({ clientId }) : undefined
  }
}

/** Compares in a time that tells nothing of the secret. */
export function isSecretOf ({ clientSecret, certificate }: ServicePrincipal, given: string): boolean {
  if (clientSecret === undefined) return certificate === undefined
  const [left, right] = [clientSecret, given].map(text => createHash('sha256').update(text).digest())
  return timingSafeEqual(left!, right!)
}

function servicePrincipal (declaration: ServicePrincipalDeclaration): ServicePrincipal {
  const { clientId, objectId = derivedId(clientId), clientSecret, certificate: pem } = declaration
  return { clientId, objectId, clientSecret, certificate: pem === undefined ? undefined : parsed(pem, clientId) }
}

function parsed (pem: string, clientId: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch (error) {
    throw new UsageError(`the certificate of service principal ${clientId} is no X.509 certificate in PEM: ${(error as Error).message}`)
  }
}
