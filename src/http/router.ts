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
  /** Not of one that ends in a parameter, such as the id of an operation: too many of its paths come once. */
  readonly isKept: boolean
}

interface Node<Target> {
  /** By their names, as the contract writes them and in lower case. */
  readonly literals: Map<string, Node<Target>>
  parameter?: Node<Target>
  /** By method. */
  readonly routes: Map<string, Route<Target>>
}

/** How many paths of a method are kept. */
const RECENT = 256

/** The longest URL whose path is kept: most are far shorter, and a text keeps the whole one that it is a part of. */
const LONGEST = 1024

/**
 * Finds what serves a request among the paths of contracts, such as `/subscriptions/{subscriptionId}`: a parameter is a
 * whole segment and may be empty, case does not matter, nor does a slash at the end, and a literal segment comes before
 * a parameter. A route costs a few entries in maps, where one of Fastify costs two compiled functions.
 */
export class Router<Target> {
  readonly #root: Node<Target> = createNode()
  readonly #reserved: string
  /** What was found lately, by method and path: most clients use the same few machines again and again. */
  readonly #recent = new Map<string, Map<string, Found<Target>>>()

  /** `reserved` is the first segment of paths that are not for this router, in lower case. */
  constructor (reserved: string) {
    this.#reserved = reserved
  }

  add (method: string, path: string, target: Target): void {
    let node = this.#root
    const parameters: (readonly [string, number])[] = []
    const segments = path.slice(1).split('/')
    for (let index = 0; index < segments.length; index++) {
      const segment = segments[index]!
      if (segment.startsWith('{')) {
        parameters.push([segment.slice(1, -1), index])
        node = node.parameter ??= createNode()
      } else {
        node = literalIn(node, segment)
      }
    }
    node.routes.set(method, { target, parameters, isKept: !path.endsWith('}') })
    this.#recent.clear()
  }

  find (method: string, url: string): Found<Target> | undefined {
    const path = pathOf(url)
    return this.#recent.get(method)?.get(path) ?? this.#search(method, path, url.length <= LONGEST)
  }

  #search (method: string, path: string, mayKeep: boolean): Found<Target> | undefined {
    const segments = this.#segmentsOf(path)
    const route = segments && search(this.#root, segments, 0, method)?.routes.get(method)
    if (route === undefined) return undefined
    const params: Record<string, string> = {}
    for (const [name, index] of route.parameters) params[name] = segments![index]!
    const found = { target: route.target, params }
    if (route.isKept && mayKeep) this.#keep(method, path, found)
    return found
  }

  #keep (method: string, path: string, found: Found<Target>): void {
    let recent = this.#recent.get(method)
    if (recent === undefined || recent.size === RECENT) this.#recent.set(method, recent = new Map())
    // Requests share it.
    Object.freeze(found.params)
    recent.set(path, found)
  }

  /** What serves a path by the methods that it has, in the order of the contract; empty if no contract has the path. */
  at (url: string): ReadonlyMap<string, Target> {
    const segments = this.#segmentsOf(pathOf(url))
    // A name that is empty is none.
    if (segments === undefined || segments.includes('')) return new Map()
    const { routes = [] } = search(this.#root, segments, 0) ?? {}
    return new Map(Array.from(routes, ([method, { target }]) => [method, target]))
  }

  /** Decoded; undefined if no contract can have the path. */
  #segmentsOf (path: string): string[] | undefined {
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
  literals.set(key, node)
  literals.set(name, node)
  return node
}

/** The node of a path that has a route: for a method if one is given. One with more literal segments comes first. */
function search<Target> (node: Node<Target>, segments: readonly string[], index: number,
  method?: string): Node<Target> | undefined {
  const { literals, parameter, routes } = node
  if (index === segments.length) return (method === undefined ? routes.size > 0 : routes.has(method)) ? node : undefined
  const literal = literals.size === 0 ? undefined : literalOf(node, segments[index]!)
  const found = literal && search(literal, segments, index + 1, method)
  return found ?? (parameter && search(parameter, segments, index + 1, method))
}

/** Nearly all clients write paths as the contract does. */
function literalOf<Target> ({ literals }: Node<Target>, segment: string): Node<Target> | undefined {
  return literals.get(segment) ?? literals.get(segment.toLowerCase())
}

/** Up to the query or a fragment, without a slash at the end. */
function pathOf (url: string): string {
  const query = url.indexOf('?', 1)
  const beforeQuery = query === -1 ? url : url.slice(0, query)
  const fragment = beforeQuery.indexOf('#', 1)
  const path = fragment === -1 ? beforeQuery : beforeQuery.slice(0, fragment)
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
}
