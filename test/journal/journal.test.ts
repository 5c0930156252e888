import t from 'tap'
import { Journal } from '../../src/journal/journal.js'

t.test('an entry that was never there is undefined', async t => {
  t.equal(new Journal().get(1), undefined)
})
