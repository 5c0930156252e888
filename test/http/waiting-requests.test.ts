import t from 'tap'
import { Scope } from '../../src/core/scope.js'
import { WaitingRequests } from '../../src/http/waiting-requests.js'

t.test('a reset refuses the requests that wait in its scope, and none that waited before', async t => {
  const requests = new WaitingRequests()
  const signals: AbortSignal[] = []
  const goes: (() => void)[] = []
  const wait = (path: string) => requests.during(path, signal => {
    signals.push(signal)
    return new Promise<void>(resolve => { goes.push(resolve) })
  })
  const waiting = ['/subscriptions/S/x', '/subscriptions/s/y', '/subscriptions/s2/x'].map(wait)
  goes[0]!()
  await waiting[0]
  requests.refuse(Scope.of({ subscriptionId: 's' }))
  t.strictSame(signals.map(({ aborted }) => aborted), [false, true, false])
  for (const go of goes) go()
  await Promise.all(waiting)
})
