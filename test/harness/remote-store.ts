import { setImmediate } from 'node:timers/promises'
import type { MaybePromise } from '../../src/core/maybe-promise.js'
import type { RecordsOptions, Records, Store } from '../../src/core/store.js'

type Method = keyof Records<object> | 'clear'

/** Makes a call of a store, with the method and the kind of the records (undefined for `clear`). */
type Call = <Result>(work: () => MaybePromise<Result>, method: Method, kind?: string) => MaybePromise<Result>

function wrap (store: Store, call: Call): Store {
  return {
    records<Value extends object> (kind: string, options?: RecordsOptions): Records<Value> {
      const records = store.records<Value>(kind, options)
      return {
        get: key => call(() => records.get(key), 'get', kind),
        set: (key, record) => call(() => records.set(key, record), 'set', kind),
        add: (key, record) => call(() => records.add(key, record), 'add', kind),
        list: prefix => call(() => records.list(prefix), 'list', kind),
        delete: key => call(() => records.delete(key), 'delete', kind)
      }
    },
    clear: prefix => call(() => store.clear(prefix), 'clear')
  }
}

/** A store that responds asynchronously, like one on another machine. */
export function remote (store: Store): Store {
  return wrap(store, async work => await work())
}

/** A remote store whose calls take these numbers of turns of the event loop, one after the other, over and over. */
export function slow (store: Store, turns: readonly number[]): Store {
  let calls = 0
  return wrap(store, async work => {
    for (let left = turns[calls++ % turns.length]!; left > 0; left--) await setImmediate()
    return await work()
  })
}

/** A store that throws in these methods of these kinds of records. */
export function failing (store: Store, methods: Readonly<Record<string, readonly Method[]>>): Store {
  return wrap(store, (work, method, kind = '') => {
    if (methods[kind]?.includes(method)) throw new Error('the store is gone')
    return work()
  })
}
