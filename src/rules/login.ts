import { groupBy, isOfArm, objectOf, queryOf, type Call } from './call.js'
import { held, references, violated, type Observation } from './observation.js'
import type { Rule } from './rule.js'

/** Milliseconds before its end when a client may renew a token: MSAL does so in the last five minutes. */
const RENEWAL = 300_000

export const logsInOnce: Rule = {
  id: 'R9',
  sentence: 'A client keeps its token, and logs in again only when that expires or Azure asks for another.',
  source: 'https://learn.microsoft.com/entra/identity-platform/msal-acquire-cache-tokens',
  noted: 'A command that starts several processes logs in once in each, and az twice with a managed identity: a warning.',
  observe ({ calls }) {
    const issued = calls.filter(({ kind, entry }) => kind === 'token' && entry.status === 200)
    return groupBy(issued, loginOf).flatMap(logins => logins.flatMap((login, index) => {
      const next = logins[index + 1]
      const until = next?.sentAt ?? Infinity
      // The journal does not say whose token a request has: a login library and the program have different names.
      const used = calls.filter(call => isOfArm(call) && call.sentAt >= login.answeredAt && call.sentAt < until)
      if (next !== undefined) return again(login, next, used)
      // With a single request, there was no reason to log in again.
      return used.length < 2 ? [] : [held(`it logged in once for ${used.length} requests`, login.sequence)]
    }))
  }
}

function again (login: Call, next: Call, used: readonly Call[]): Observation[] {
  const sequences = [login.sequence, next.sequence]
  if (next.sentAt < login.answeredAt) return []
  if (used.some(({ entry }) => entry.status === 401)) return [held('it logged in again after a 401', ...sequences)]
  const { expires_in: expiresIn, expires_on: expiresOn } = objectOf(login.entry.response) ?? {}
  const seconds = Number(expiresIn ?? NaN)
  const end = Number.isNaN(seconds) ? Number(expiresOn ?? NaN) * 1000 : login.answeredAt + seconds * 1000
  if (Number.isNaN(end)) return []
  if (next.sentAt >= end - RENEWAL) return [held('it logged in again as its token ended', ...sequences)]
  return [violated(`the client logged in again ${next.sentAt - login.answeredAt} ms after it got a token that is good ` +
    `for ${Math.round((end - login.answeredAt) / 1000)} s (${references(sequences)}): keep the token`, sequences, 'warning')]
}

/** A key for logins: who logs in, for which audience, and how. Leaves out what differs in each request. */
function loginOf (call: Call): string {
  const { client, path, target, entry: { request: { body = '' } } } = call
  const parameters = new URLSearchParams([...queryOf(target), ...new URLSearchParams(body)])
  const names = ['client_id', 'scope', 'resource', 'grant_type', 'claims', 'username', 'mi_res_id', 'object_id']
  return JSON.stringify([client, path, ...names.map(name => parameters.get(name))])
}
