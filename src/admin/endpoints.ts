import type { RouteHandlerMethod } from 'fastify'

/** What responds to one method at a path below /_emulator. */
export interface Endpoint {
  /** Undefined for a page. */
  readonly operationId?: string
  readonly handle: RouteHandlerMethod
}

/** By method; empty for a path that azrun does not have. */
export type Endpoints = ReadonlyMap<string, Endpoint>

/** The names in a URL's path below /_emulator. A slash at the end says nothing; an encoded one is part of a name. */
export function pathOf (url: string): string[] {
  const [path] = url.split(/[?#]/, 1) as [string]
  return path.replace(/\/$/, '').split('/').slice(2).map(decodeURIComponent)
}
