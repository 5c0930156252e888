import type { RouteHandlerMethod } from 'fastify'

/** The handler of a method and path below /_emulator. */
export interface Endpoint {
  /** Undefined for a page. */
  readonly operationId?: string
  readonly handle: RouteHandlerMethod
}

/** Endpoints by method; empty for an unknown path. */
export type Endpoints = ReadonlyMap<string, Endpoint>

/** The segments of a path below /_emulator. A trailing slash is ignored; an encoded one is part of a segment. */
export function pathOf (url: string): string[] {
  const [path] = url.split(/[?#]/, 1) as [string]
  return path.replace(/\/$/, '').split('/').slice(2).map(decodeURIComponent)
}
