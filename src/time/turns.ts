import { setImmediate as othersFirst } from 'node:timers/promises'

/** Resolves after other work had its turn: requests that came meanwhile, for example. */
export { othersFirst }

/** Milliseconds of work after which others get a turn. */
const TURN = 5

/** Visits the items in order, and lets other work go first again and again. Rejects when the signal aborts. */
export async function inTurns<Item> (items: Iterable<Item>, visit: (item: Item) => void,
  signal?: AbortSignal): Promise<void> {
  let end = performance.now() + TURN
  for (const item of items) {
    visit(item)
    if (performance.now() < end) continue
    await othersFirst()
    signal?.throwIfAborted()
    end = performance.now() + TURN
  }
}
