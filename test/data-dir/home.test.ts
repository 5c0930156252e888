import { execFileSync } from 'node:child_process'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { cannotBecomeAnother, outputAsAnother } from '../harness/another-user.js'

const imports = `import { defaultDataDir } from '${new URL('../../dist/data-dir/home.js', import.meta.url)}'`
const program = 'process.stdout.write(String(defaultDataDir()))'

t.test('keeps its data in the home directory, even if HOME is empty', async t => {
  const dataDir = (env: NodeJS.ProcessEnv) =>
    execFileSync(process.execPath, ['--input-type=module', '-e', `${imports}\n${program}`], { env, encoding: 'utf8' })
  t.equal(dataDir({ HOME: '/home/of/somebody' }), '/home/of/somebody/.azrun')
  for (const env of [{ HOME: '' }, {}]) t.equal(dataDir(env), join(userInfo().homedir, '.azrun'))
})

t.test('has no default directory for a user without a home', { skip: cannotBecomeAnother }, async t => {
  t.equal(outputAsAnother(imports, program), 'undefined')
})
