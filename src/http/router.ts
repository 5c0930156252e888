/** What a router finds for a request. */
export interface Found<Target> {
  readonly target: Target
  /** Decoded, by their names in the path of the target. */
  readonly params: Readonly<Record<string, string>>
}

interface Route<Target> {
  readonly target: Target
  /** The names of the parameters, and which segments they are. */
  readonly parameters: readonly (readonly [name: string, index: number])[]
}

interface Node<Target> {
  /** By their names, as the contract writes them and in lower case. */
  readonly literals: Map<string, Node<Target>>
  parameter?: Node<Target>
  /** By method. */
  readonly routes: Map<string, Route<Target>>
}

/**
 * Finds what serves a request among the paths of contracts, such as `/subscriptions/{subscriptionId}`: a parameter is a
 * whole segment and may be empty, case does not matter, nor does a slash at the end, and a literal segment comes before
 * a parameter. A route costs a few entries in maps, where one of Fastify costs two compiled functions.
 */
export class Router<Target> {
  readonly #root: Node<Target> = createNode()
  readonly #reserved: string

  /** `reserved` is the first segment of paths that are not for this router, in lower case. */
  constructor (reserved: string) {
    this.#reserved = reserved
  }

  add (method: string, path: string, target: Target): void {
    let node = this.#root
    const parameters: (readonly [string, number])[] = []
    for (const [index, segment] of path.slice(1).split('/').entries()) {
      if (segment.startsWith('{')) {
        parameters.push([segment.slice(1, -1), index])
        node = node.parameter ??= createNode()
      } else {
        node = literalIn(node, segment)
      }
    }
    node.routes.set(method, { target, parameters })
  }

  find (method: string, url: string): Found<Target> | undefined {
    const segments = this.#segmentsOf(url)
    const route = segments && search(this.#root, segments, 0, ({ routes }) => routes.get(method))
    if (route === undefined) return undefined
    const params: Record<string, string> = {}
    for (const [name, index] of route.parameters) params[name] = segments![index]!
    return { target: route.target, params }
  }

  /** What serves a path by the methods that it has, in the order of the contract; empty if no contract has the path. */
  at (url: string): ReadonlyMap<string, Target> {
    const segments = this.#segmentsOf(url)
    // A name that is empty is none.
    if (segments === undefined || segments.includes('')) return new Map()
    const routes = search(this.#root, segments, 0, ({ routes }) => routes.size > 0 ? routes : undefined)
    return new Map(Array.from(routes ?? [], ([method, { target }]) => [method, target]))
  }

  /** Decoded; undefined if no contract can have the path. */
  #segmentsOf (url: string): string[] | undefined {
    const path = pathOf(url)
    try {
      const segments = path.slice(1).split('/')
      const decoded = path.includes('%') ? segments.map(decodeURIComponent) : segments
      return decoded[0]!.toLowerCase() === this.#reserved ? undefined : decoded
    } catch {
      // Fastify refuses it.
      return undefined
    }
  }
}

function createNode<Target> (): Node<Target> {
  return { literals: new Map(), routes: new Map() }
}

function literalIn<Target> ({ literals }: Node<Target>, name: string): Node<Target> {
  const key = name.toLowerCase()
  const node = literals.get(key) ?? createNode()
  for (const each of [key, name]) literals.set(each, node)
  return node
}

/** What is sought at the nodes of a path, of which the one with more literal segments comes first. */
function search<Target, Sought> (node: Node<Target>, segments: readonly string[], index: number,
  seek: (node: Node<Target>) => Sought | undefined): Sought | undefined {
  if (index === segments.length) return seek(node)
  const segment = segments[index]!
  // Nearly all clients write paths as the contract does.
  const literal = node.literals.get(segment) ?? node.literals.get(segment.toLowerCase())
  const found = literal && search(literal, segments, index + 1, seek)
  return found ?? (node.parameter && search(node.parameter, segments, index + 1, seek))
}

/** Up to the query or a fragment, without a slash at the end. */
function pathOf (url: string): string {
  const query = url.indexOf('?', 1)
  const beforeQuery = query === -1 ? url : url.slice(0, query)
  const fragment = beforeQuery.indexOf('#', 1)
  const path = fragment === -1 ? beforeQuery : beforeQuery.slice(0, fragment)
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
}
