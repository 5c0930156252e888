import type { Call } from './call.js'

/**
 * Returns a function that finds the next try after the response to a call, for a list of calls with the same request.
 * One that was sent before could not know the response. If processes or threads send the same request side by side, its
 * ids tell which call is the retry. A new id after the last try is a retry, too: programs retry what their SDK gave up.
 */
export function nextTryIn (calls: readonly Call[]): (index: number) => Call | undefined {
  const uses = new Map<string | undefined, { readonly first: Call, last: number }>()
  for (const [index, call] of calls.entries()) {
    const known = uses.get(call.requestId)
    if (known === undefined) uses.set(call.requestId, { first: call, last: index })
    else known.last = index
  }

  return index => {
    const { requestId, answeredAt } = calls[index]!
    const own = uses.get(requestId)!.last === index
      ? undefined
      : findAfter(index, call => call.sentAt >= answeredAt && call.requestId === requestId)
    return own ?? findAfter(index, call => uses.get(call.requestId)!.first.sentAt >= answeredAt)
  }

  function findAfter (index: number, test: (call: Call) => boolean): Call | undefined {
    for (let n = index + 1; n < calls.length; n++) if (test(calls[n]!)) return calls[n]
    return undefined
  }
}
