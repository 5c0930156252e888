/** The habits of a client that keeps all rules, in the order of the rules. */
const good = {
  waitsBeforeTryingAgain: true,
  sendsLostCommandAgain: false,
  pollsOnAfterTheEnd: false,
  usesUrlsVerbatim: true,
  pollsStatus: true,
  waitsBetweenPolls: true,
  reportsFailure: true,
  showsStderr: true,
  keepsToken: true,
  sharesToken: true,
  userAgent: 'check-client/1.0',
  commandId: 'commandId',
  apiVersion: '2024-07-01',
  versionParameter: 'api-version',
  sendsRequestId: true,
  keepsRequestId: true,
  mostTries: 4
}

/** By rule, the habit that breaks this rule and no other. */
const bad = {
  R1: { waitsBeforeTryingAgain: false },
  R2: { sendsLostCommandAgain: true },
  R3: { pollsOnAfterTheEnd: true },
  R4: { usesUrlsVerbatim: false },
  R5: { pollsStatus: false },
  R6: { waitsBetweenPolls: false },
  R7: { reportsFailure: false },
  R8: { showsStderr: false },
  R9: { keepsToken: false },
  R10: { commandId: 'CommandId' },
  R11: { apiVersion: '2024-07-02' },
  R12: { sendsRequestId: false },
  R13: { mostTries: Infinity }
}

/** Other habits of good clients. */
export const variants = {
  'names neither itself nor its retries': { userAgent: undefined, keepsRequestId: false },
  'writes api-version in another case': { versionParameter: 'API-Version' },
  'logs in once for each machine': { sharesToken: false }
}

/** The habits of a client that breaks a rule, or none if `broken` is undefined, as a variant of the good one or not. */
export function habitsOf (broken, variant) {
  if (broken !== undefined && !(broken in bad)) throw new Error(`unknown rule: ${broken}`)
  return { ...good, ...variants[variant], ...bad[broken] }
}
