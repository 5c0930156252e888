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
  commandId: 'commandId',
  apiVersion: '2024-07-01',
  sendsRequestId: true,
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

/** The habits of a client that breaks a rule, or none if `broken` is undefined. */
export function habitsOf (broken) {
  if (broken !== undefined && !(broken in bad)) throw new Error(`unknown rule: ${broken}`)
  return { ...good, ...bad[broken] }
}
