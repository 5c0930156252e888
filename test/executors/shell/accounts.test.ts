import fs from 'node:fs'
import t, { type Test } from 'tap'

/** The module on a machine whose getent knows one more user. `asked` has the arguments of each call of getent. */
async function importWithGetent (t: Test) {
  const asked: string[][] = []
  const execFile = (file: string, args: string[], done: (error: Error | null, output?: object) => void) => {
    asked.push([file, ...args])
    if (args[1] === 'ada') done(null, { stdout: 'ada:*:1815:1852:Ada Lovelace:/home/ada:/bin/sh\n' })
    else done(new Error('exit code 2'))
  }
  t.intercept(process, 'geteuid', { value: () => 0 })
  const { accountOf } = await t.mockImport<typeof import('../../../src/executors/shell/accounts.js')>(
    '../../../src/executors/shell/accounts.js', {
    'node:child_process': { execFile },
    'node:fs': { ...fs, readFileSync: () => 'root:x:0:0:root:/root:/bin/bash\n' }
  })
  return { accountOf, asked }
}

t.test('finds a user of a directory service, which is not in /etc/passwd', async t => {
  const { accountOf, asked } = await importWithGetent(t)
  t.same(await accountOf('ada'), { name: 'ada', uid: 1815, gid: 1852, home: '/home/ada' })
  t.same(asked, [['getent', 'passwd', 'ada']])
  t.same(await accountOf('root'), { name: 'root', uid: 0, gid: 0, home: '/root' })
  t.equal(asked.length, 1, 'getent takes longer than the file')
})

t.test('asks getent for no id, and gives it no option', async t => {
  const { accountOf, asked } = await importWithGetent(t)
  for (const user of ['', '1815', '-s', '--help', 'ada\0']) {
    await t.rejects(accountOf(user), { code: 'RunAsUserNotFound' }, JSON.stringify(user))
  }
  t.same(asked, [])
})
