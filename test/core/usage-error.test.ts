import t from 'tap'
import { OptionError, UsageError } from '../../src/core/usage-error.js'

t.test('a usage error has one line for each problem, whatever its text', async t => {
  const error = new UsageError(['a file \n  with\r\nlines', 'another'])
  t.strictSame(error.problems, ['a file with lines', 'another'])
  t.equal(error.message, 'a file with lines\nanother')
  t.equal(new OptionError('cert', 'is\nwrong').message, "option 'cert' is wrong")
})
