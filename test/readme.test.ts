import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { options } from '../src/config.js'
import { start } from './helper.js'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
const run = promisify(execFile)

t.test('lists every option with its default, and no other', async t => {
  const rows = [...readme.matchAll(/^\| `--([a-z-]+)[^`]*` \| .* \| (?:`(.*)`)? ?\|$/gm)]
  const shown = Object.fromEntries(rows.map(([, flag, value = '']) => [flag, value]))
  const flags = options.filter(([, { type, title }]) => type !== 'array' || title !== undefined)
    .map(([name, { default: value }]) => [name.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`), value])
  const expected = Object.fromEntries(flags.map(([flag, value]) => [flag, `${value || (value === 0 ? 0 : '')}`]))
  t.same(shown, { ...expected, config: '', 'data-dir': '~/.azrun' })
})

t.test('names only scripts that there are', async t => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  for (const [, name] of readme.matchAll(/npm (?:run )?(demo|test|bench|start|generate)\b/g)) t.ok(scripts[name!], `npm run ${name}`)
})

t.test('its program in JavaScript runs as it stands', {
  skip: existsSync(join(ROOT, 'dist/index.js')) ? false : 'there is no dist: npm run build makes it'
}, async t => {
  const [, program] = /```js\n([^]*?)```/.exec(readme) ?? []
  const dir = t.testdir()
  mkdirSync(join(dir, 'node_modules/@azure'), { recursive: true })
  symlinkSync(ROOT, join(dir, 'node_modules/azrun'))
  symlinkSync(join(ROOT, 'node_modules/@azure/arm-compute'), join(dir, 'node_modules/@azure/arm-compute'))
  writeFileSync(join(dir, 'program.mjs'), program!)
  const { stdout } = await run(process.execPath, [join(dir, 'program.mjs')], { env: { ...process.env, HOME: dir } })
  t.match(stdout, '[stdout]\nHello, Ada\n')
})

t.test('its curl gets the answer that it shows', async t => {
  const [, url] = /"\$AZRUN_URL(\/subscriptions[^"]+)"/.exec(readme) ?? []
  const [, body] = /-d '([^']+)'/.exec(readme) ?? []
  const [, answer] = /```json\n(\{"value".*)\n```/.exec(readme) ?? []
  const { app } = await start(t, { executor: 'shell' })
  const response = await app.inject({
    method: 'POST',
    url: url!,
    headers: { authorization: 'Bearer any', 'content-type': 'application/json', prefer: 'wait=10' },
    payload: body!
  })
  t.equal(response.body, answer)
})
