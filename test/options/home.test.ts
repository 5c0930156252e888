import { execFileSync, spawnSync } from 'node:child_process'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import t from 'tap'

/** A user that no system's list of users names. */
const NOBODY = 54321

const MODULE = new URL('../../dist/options/command-line.js', import.meta.url)
const program = `import { configFromArgv } from '${MODULE}'
  if (process.env.BECOME) process.setuid(Number(process.env.BECOME))
  try {
    process.stdout.write(configFromArgv(process.argv.slice(1), {}).dataDir)
  } catch (error) {
    process.stdout.write(error.name + ': ' + error.message)
  }`
const args = ['--input-type=module', '-e', program, '--']

t.test('keeps its data in the home directory, even if HOME is empty', async t => {
  const dataDir = (env: NodeJS.ProcessEnv) => execFileSync(process.execPath, args, { env, encoding: 'utf8' })
  t.equal(dataDir({ HOME: '/home/of/somebody' }), '/home/of/somebody/.azrun')
  for (const env of [{ HOME: '' }, {}]) t.equal(dataDir(env), join(userInfo().homedir, '.azrun'))
})

t.test('asks for a data directory if the user has no home', {
  skip: spawnSync('true', { uid: NOBODY }).status !== 0 && 'this user may not become another one'
}, async t => {
  // The process becomes this user when its modules are loaded: they may be where only root can read.
  const run = (more: readonly string[]) =>
    execFileSync(process.execPath, [...args, ...more], { env: { BECOME: `${NOBODY}` }, encoding: 'utf8' })
  t.equal(run([]), 'UsageError: the home directory of this user is not known: set HOME, or give --data-dir')
  t.equal(run(['--data-dir', '/data']), '/data')
})
