import type { RouteHandlerMethod } from 'fastify'
import { AdminError } from './errors.js'

/** Handles one method at a path below /_emulator. */
export interface Endpoint {
  /** Undefined for a page. */
  readonly operationId?: string
  readonly handle: RouteHandlerMethod
}

/** Endpoints by method; empty for a path that azrun does not have. */
export type Endpoints = ReadonlyMap<string, Endpoint>

/**
 * The names in a URL's path below /_emulator. A trailing slash has no meaning; an encoded one is part of a name. Throws
 * for a path with malformed escapes.
 */
export function pathOf (url: string): string[] {
  const [path] = url.split(/[?#]/, 1) as [string]
  try {
    return path.replace(/\/$/, '').split('/').slice(2).map(decodeURIComponent)
  } catch {
    throw new AdminError(400, `the path '${path}' must be percent-encoded UTF-8: write a percent sign as %25`)
  }
}
