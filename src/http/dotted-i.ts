import type { FastifyInstance } from 'fastify'

const LETTER = '\u0130'
/** Of a private use, so in no name. */
const STAND_IN = '\uE130'
const [ESCAPED, ESCAPED_STAND_IN] = [LETTER, STAND_IN].map(encodeURIComponent) as [string, string]
const ANY_ESCAPED = new RegExp(ESCAPED, 'gi')

/**
 * A URL without İ, for the router: it compares paths in small letters, and takes parameters from the path as it was, at
 * the places that they have in the other. İ is the one letter that is two in small letters.
 */
export function withoutDottedI (url: string): string {
  return url.includes('%') ? url.replace(ANY_ESCAPED, ESCAPED_STAND_IN) : url
}

/** Gives requests the letter back, once they are routed. */
export function restoreDottedI (app: FastifyInstance): void {
  app.addHook('onRequest', ({ raw, params }, _reply, done) => {
    if (raw.url!.includes(ESCAPED_STAND_IN)) {
      raw.url = raw.url!.replaceAll(ESCAPED_STAND_IN, ESCAPED)
      const byName = params as Record<string, string>
      for (const [name, value] of Object.entries(byName)) byName[name] = value.replaceAll(STAND_IN, LETTER)
    }
    done()
  })
}
