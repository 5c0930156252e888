import t from 'tap'
import { maxScriptsOf } from '../../src/options/choose-executor.js'
import { setupFromArgv } from '../harness/config.js'

t.test('32 scripts run at once unless --max-scripts says otherwise, and canned results have no limit', async t => {
  for (const [argv, max] of [
    [['--executor', 'shell'], 32],
    [['--executor', 'shell', '--max-scripts', '5'], 5],
    [['--executor', 'fixture'], undefined]
  ] as const) {
    t.equal(maxScriptsOf(await setupFromArgv(argv, {})), max, argv.join(' '))
  }
  const executor = { execute: async () => ({ exitCode: 0, stdout: '', stderr: '' }) }
  const setup = await setupFromArgv([], {})
  t.equal(maxScriptsOf({ ...setup, parts: { executor } }), undefined, 'an executor of a program has its own limit')
})
