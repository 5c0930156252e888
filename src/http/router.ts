/** The router's result for a request. */
export interface Found<Target> {
  readonly target: Target
  /** The decoded parameters, by their names in the contract's path. */
  readonly params: Readonly<Record<string, string>>
}

interface Route<Target> {
  readonly target: Target
  /** The name and the segment of each parameter. */
  readonly parameters: readonly (readonly [name: string, index: number])[]
  /** False for a path that ends in a parameter, such as an operation's id: too many of these paths come only once. */
  readonly isKept: boolean
}

interface Node<Target> {
  /** By segment, both in the contract's spelling and in lower case. */
  readonly literals: Map<string, Node<Target>>
  parameter?: Node<Target>
  /** By method. */
  readonly routes: Map<string, Route<Target>>
}

/** The number of recent paths to keep for each method. */
const RECENT = 256

/** The longest URL whose path is kept. Most are far shorter, and a substring keeps its whole string in memory. */
const LONGEST = 1024

/**
 * Finds the target of a request by paths such as `/subscriptions/{subscriptionId}`. A parameter is a whole segment,
 * which may be empty. Case and a trailing slash do not matter. A literal segment takes precedence over a parameter. A
 * route costs a few map entries, while a Fastify route costs two compiled functions.
 */
export class Router<Target> {
  readonly #root: Node<Target> = createNode()
  readonly #reserved: string
  /** Recent results by method and path: most clients use the same few machines again and again. */
  readonly #recent = new Map<string, Map<string, Found<Target>>>()

  /** The router ignores paths whose first segment is `reserved`, which must be in lower case. */
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
    // Requests share this object.
    Object.freeze(found.params)
    recent.set(path, found)
  }

  /** The targets of a path by method, in the contract's order; empty for an unknown path. */
  at (url: string): ReadonlyMap<string, Target> {
    const segments = this.#segmentsOf(pathOf(url))
    // A resource cannot have an empty name.
    if (segments === undefined || segments.includes('')) return new Map()
    const { routes = [] } = search(this.#root, segments, 0) ?? {}
    return new Map(Array.from(routes, ([method, { target }]) => [method, target]))
  }

  /** The decoded segments; undefined if the path is reserved or malformed. */
  #segmentsOf (path: string): string[] | undefined {
    try {
      const segments = path.slice(1).split('/')
      const decoded = path.includes('%') ? segments.map(decodeURIComponent) : segments
      return decoded[0]!.toLowerCase() === this.#reserved ? undefined : decoded
    } catch {
      // Fastify refuses malformed escapes.
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

/** Finds a node with a route for the path, and for the method if one is given. Prefers literal segments. */
function search<Target> (node: Node<Target>, segments: readonly string[], index: number,
  method?: string): Node<Target> | undefined {
  const { literals, parameter, routes } = node
  if (index === segments.length) return (method === undefined ? routes.size > 0 : routes.has(method)) ? node : undefined
  const literal = literals.size === 0 ? undefined : literalOf(node, segments[index]!)
  const found = literal && search(literal, segments, index + 1, method)
  return found ?? (parameter && search(parameter, segments, index + 1, method))
}

/** Tries the segment as it is first, because nearly all clients spell paths as the contract does. */
function literalOf<Target> ({ literals }: Node<Target>, segment: string): Node<Target> | undefined {
  return literals.get(segment) ?? literals.get(segment.toLowerCase())
}

/** The path of a URL, without query, fragment and trailing slash. */
function pathOf (url: string): string {
  const query = url.indexOf('?', 1)
  const beforeQuery = query === -1 ? url : url.slice(0, query)
  const fragment = beforeQuery.indexOf('#', 1)
  const path = fragment === -1 ? beforeQuery : beforeQuery.slice(0, fragment)
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
}
