import type { RouteHandlerMethod } from 'fastify'

/** Handles one method at a path below /_emulator. */
export interface Endpoint {
  /** Undefined for a page. */
  readonly operationId?: string
  readonly handle: RouteHandlerMethod
}

/** Endpoints by method; empty for a path that azrun does not have. */
export type Endpoints = ReadonlyMap<string, Endpoint>

/** The names in a URL's path below /_emulator. A trailing slash has no meaning; an encoded one is part of a name. */
export function pathOf (url: string): string[] {
  const [path] = url.split(/[?#]/, 1) as [string]
  return path.replace(/\/$/, '').split('/').slice(2).map(decodeURIComponent)
}
