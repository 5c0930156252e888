/** What the client does, by the rule that judges it. */
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

/** Of a client that breaks this rule and no other. */
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

/** `broken`: the id of a rule; of a client that breaks none, undefined. */
export function habitsOf (broken) {
  if (broken !== undefined && !(broken in bad)) throw new Error(`unknown rule: ${broken}`)
  return { ...good, ...bad[broken] }
}
