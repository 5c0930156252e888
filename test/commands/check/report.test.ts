import { basename } from 'node:path'
import t from 'tap'
import { reportOf } from '../../../src/commands/check/report.js'

t.test('findings point to the first file of the command that is below this directory', async t => {
  for (const [command, file] of [
    [['node', 'package.json', 'README.md'], 'package.json'],
    [['node', './package.json'], './package.json'],
    [['node', `${process.cwd()}/package.json`], undefined],
    [['node', `../${basename(process.cwd())}/package.json`, 'none.json', 'test'], undefined],
    [['sh', '-c', 'cat package.json'], undefined]
  ] as const) {
    t.equal(reportOf([], command).file, file, command.join(' '))
  }
})
