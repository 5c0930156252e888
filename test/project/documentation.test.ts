import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { parse } from 'jsonc-parser'
import t, { type Test } from 'tap'
import { definitions } from '../../src/commands/definitions.js'
import { variableNames } from '../../src/environment/variables.js'
import type { UsageError } from '../../src/index.js'
import { options } from '../../src/options/options.js'
import { scenarioFileMistakes, scenarioMistakes } from '../../src/options/scenario-check.js'
import type { JsonSchema } from '../../src/validation/json-schema.js'
import { ruleOf } from '../../src/validation/rule-words.js'
import { setupFromArgv } from '../harness/config.js'
import { build, start } from '../harness/emulator.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')
const run = promisify(execFile)
const unbuilt = existsSync(join(ROOT, 'dist/index.js')) ? false : 'needs npm run build'

interface Schema extends JsonSchema {
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly $ref?: string
}

type ConfigSchema = Readonly<Record<'properties' | 'definitions', Readonly<Record<string, Schema>>>>

const readme = read('README.md')
const pages = ['README.md', 'CONTRIBUTING.md', ...readdirSync(join(ROOT, 'docs')).map(name => `docs/${name}`)]
const { scripts, version } = JSON.parse(read('package.json'))

t.test('the README has at most 250 lines', async t => {
  t.ok(readme.split('\n').length <= 250)
})

t.test('the README lists exactly the options, with their defaults', async t => {
  const rows = [...readme.matchAll(/^\| `--([a-z-]+)[^`]*` \| .* \| (?:`(.*)`)? ?\|$/gm)]
  const shown = Object.fromEntries(rows.map(([, flag, value = '']) => [flag, value]))
  const flags = options.filter(([, { type, title }]) => type !== 'array' || title !== undefined)
    .map(([name, { default: value }]) => [name.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`), value])
  const expected = Object.fromEntries(flags.map(([flag, value]) => [flag, `${value || (value === 0 ? 0 : '')}`]))
  t.same(shown, { ...expected, config: '', 'data-dir': '~/.azrun' })
})

t.test('docs/configuration.md lists the members of each declaration as the schema describes them', async t => {
  const { properties, definitions } = JSON.parse(read('openapi/config.schema.json')) as ConfigSchema
  const lists = Object.entries(properties).filter(([, { items }]) => items?.properties !== undefined)
  t.equal(lists.length, 12)
  const page = read('docs/configuration.md')
  for (const [list, { description, items }] of lists) {
    const rows = Object.entries(items!.properties!).map(([name, member]) => {
      const use = items!.required!.includes(name) ? 'required' : member.default === undefined ? '' : `\`${member.default}\``
      return `| \`${name}\` | ${valueOf(member, definitions)} | ${member.description} | ${use} |\n`
    })
    const section = `### ${list}\n\n${description}\n\n| Member | Value | Meaning | Default |\n| --- | --- | --- | --- |\n${rows.join('')}`
    t.ok(page.includes(section), `the page should have:\n${section}`)
  }
})

t.test('docs/install.md names the tarball of this version', async t => {
  t.match(read('docs/install.md'), `npm install --save-dev ./tools/azrun-${version}.tgz`)
})

t.test('the README starts azrun only with --executor shell', async t => {
  const started = readme.split('\n').filter(line => /^npx azrun (?!env)/.test(line))
  t.ok(started.length > 2)
  t.strictSame(started.filter(line => !line.includes('--executor shell')), [])
})

t.test('the README links to every page', async t => {
  for (const page of pages.slice(1)) t.match(readme, `](${page}`, page)
})

for (const page of pages) {
  t.test(page, async t => {
    const text = read(page)

    t.test('links to files and headings that exist', async t => {
      // The text in a fence is code, for example `func done[T any](poller`.
      const prose = text.replaceAll(/^```[^]*?^```$/gm, '')
      const links = [...prose.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)]
      const broken = links.filter(([, path = '', heading]) => {
        const file = path === '' ? page : join(dirname(page), path)
        return !existsSync(join(ROOT, file)) || (heading !== undefined && !headingsOf(file).includes(heading))
      })
      t.strictSame(broken.map(([link]) => link), [])
    })

    t.test('names only scripts and files that exist', async t => {
      const named = [...text.matchAll(/npm (?:run )?([\w:-]+)/g)].map(([, name]) => name!)
      t.strictSame(named.filter(name => !['install', 'ci', 'pack', ...Object.keys(scripts)].includes(name)), [])
      const paths = [...text.matchAll(/`((?:src|test|openapi|fixtures|docs)\/[\w./-]*)/g)].map(([, path]) => path!)
      t.strictSame(paths.filter(path => !path.includes('NAME') && !existsSync(join(ROOT, path))), [])
    })
  })
}

t.test('the README names only rooms and files of src', async t => {
  const rooms = readdirSync(join(ROOT, 'src'))
  const named = [...readme.matchAll(/`(\w+)\/([\w/-]+)`/g)].filter(([, room]) => rooms.includes(room!))
  t.ok(named.length > 10)
  const isThere = ([, room, name]: readonly string[]) => existsSync(join(ROOT, 'src', room!, `${name}.ts`))
  t.strictSame(named.filter(each => !isThere(each)).map(([text]) => text), [])
})

t.test('the test file that CI runs on a terminal exists', async t => {
  const [, file] = /npx tap (\S+)'/.exec(read('.ci/run')) ?? []
  t.ok(file !== undefined && existsSync(join(ROOT, file)), `${file}`)
})

t.test('every JSON configuration on the pages is valid', async t => {
  const shown = pages.flatMap(page => blocks(read(page), 'json').filter(text => !text.startsWith('{"value"')))
  t.equal(shown.length, 4)
  for (const text of shown) await t.resolves(build(t, JSON.parse(text)), text)
})

t.test('the files of docs/configuration.md are valid, and mistakes in them are reported as the page shows', async t => {
  const page = read('docs/configuration.md')
  const [config, fixtures] = blocks(page, 'jsonc') as [string, string]
  const dir = t.testdir({
    'azrun.json': config,
    fixtures: { 'hello.json': fixtures },
    wrong: {
      'azrun.json': '{\n  "port": 1,\n  "virtualMachine": [],\n  "virtualMachines": [{\n    "subscriptionId": ' +
        '"00000000-0000-0000-0000-000000000000",\n    "resourceGroup": "rg",\n      "name": "web-"\n  }]\n}',
      fixtures: {
        'disk.json': '{ "fixtures": [\n  { "name": "x", "result": {} },\n  { "name": "disk",\n    "result": { "exitCode": 256 } }] }'
      }
    }
  })
  const setup = await setupFromArgv(['--config', join(dir, 'azrun.json')], {})
  t.match(setup, { config: { delay: 200, virtualMachines: { length: 2 } }, fixtures: [{ name: 'hello' }] })
  const wrong = join(dir, 'wrong')
  const args = ['--config', join(wrong, 'azrun.json'), '--fixtures', join(wrong, 'fixtures'), '--cert', 'c.pem']
  const error = await setupFromArgv(args, { AZRUN_PORT: 'http' }).catch((error: unknown) => error) as UsageError
  const [shown] = blocks(page, 'text')
  t.equal(error.problems.map(line => `azrun: ${line.replaceAll(`${wrong}/`, '')}\n`).join(''), shown)
})

t.test('docs/command-line.md shows the actual messages for wrong calls', async t => {
  const [shown] = blocks(read('docs/command-line.md'), 'text')
  const error = await setupFromArgv(['--prot', '1', '--delay'], { AZRUN_PACE: 'slow', AZRUN_STRCT: '1' })
    .catch((error: unknown) => error) as UsageError
  t.equal(error.problems.map(line => `azrun: ${line}\n`).join(''), shown)
})

t.test('docs/command-line.md lists every variable of exec and env', async t => {
  const [, table] = /^\| Variables \| For \|\n(.*?)\n\n/ms.exec(read('docs/command-line.md'))!
  const rows = table!.split('\n').slice(1).flatMap(row => [...row.split('|')[1]!.matchAll(/`(\w+)`/g)].map(([, name]) => name!))
  t.strictSame(rows.sort(), variableNames().sort())
})

t.test('docs/command-line.md lists every command', async t => {
  const rows = [...read('docs/command-line.md').matchAll(/^\| `azrun \[?(\w+)/gm)].map(([, name]) => name)
  t.strictSame(rows, definitions.map(({ name }) => name).filter(name => name !== 'help'))
})

t.test('the scenarios of docs/scenarios.md are valid', async t => {
  const shown = blocks(read('docs/scenarios.md'), 'jsonc').map(text => parse(text)) as [unknown, unknown, unknown]
  const [scenario, file, managed] = shown
  t.strictSame([scenarioMistakes(scenario), scenarioFileMistakes(file), scenarioMistakes(managed)], [[], [], []])
})

t.test('the effects in the table of docs/scenarios.md are valid', async t => {
  const rows = [...read('docs/scenarios.md').matchAll(/^\| `("\w+": .*?)` \|/gm)].map(([, effect]) => `{${effect!.replace('{…}', '{}')}}`)
  t.ok(rows.length > 14)
  for (const effect of rows) t.strictSame(scenarioMistakes({ name: 'shown', do: [JSON.parse(effect)] }), [], effect)
})

t.test('docs/errors.md lists the codes of failed operations', async t => {
  const [, table] = /^\| Code \| When \| Source \|\n(.*?)\n\n/ms.exec(read('docs/errors.md'))!
  const rows = [...table!.matchAll(/^\| `(\w+)`/gm)].map(([, code]) => code!)
  const thrown = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts'))
    .flatMap(file => [...read(`src/${file}`).matchAll(/new (?:Operation|Execution)Error\('(\w+)'/g)].map(([, code]) => code!))
  // The operation of a run command whose user does not exist succeeds, as on Azure.
  const codes = new Set(thrown.filter(code => code !== 'RunAsUserNotFound'))
  t.strictSame(rows.sort(), [...codes].sort())
})

t.test("the README's JavaScript program runs unchanged", { skip: unbuilt }, async t => {
  const dir = project(t, { 'program.mjs': blocks(readme, 'js')[0]! })
  const { stdout } = await run(process.execPath, [join(dir, 'program.mjs')], { env: { ...process.env, HOME: dir } })
  t.match(stdout, '[stdout]\nHello, Ada\n')
})

t.test('the program of docs/configuration.md runs unchanged', { skip: unbuilt }, async t => {
  const dir = project(t, { 'program.mjs': blocks(read('docs/configuration.md'), 'js')[0]! })
  const { stdout } = await run(process.execPath, [join(dir, 'program.mjs')], { env: { ...process.env, HOME: dir } })
  t.equal(stdout, 'stopped\nrunning undefined\n')
})

t.test('the executor of docs/fixtures.md compiles and runs', { skip: unbuilt }, async t => {
  const [sample] = blocks(read('docs/fixtures.md'), 'ts')
  const dir = project(t, { 'program.mts': `${sample}\nawait azrun.close()\nprocess.stdout.write(String(azrun.port > 0))\n` })
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc')
  await run(process.execPath, [compiler, '--strict', '--module', 'nodenext', '--target', 'es2022', '--types', 'node',
    '--skipLibCheck', 'program.mts'], { cwd: dir })
  const { stdout } = await run(process.execPath, ['program.mjs'], { cwd: dir, env: { ...process.env, HOME: dir } })
  t.equal(stdout, 'true')
})

t.test("the README's curl command gets the response that the README shows", async t => {
  const [, url] = /"\$AZRUN_URL(\/subscriptions[^"]+)"/.exec(readme) ?? []
  const [, body] = /-d '([^']+)'/.exec(readme) ?? []
  const { app } = await start(t, { executor: 'shell' })
  const response = await app.inject({
    method: 'POST',
    url: url!,
    headers: { authorization: 'Bearer any', 'content-type': 'application/json', prefer: 'wait=10' },
    payload: body!
  })
  t.equal(response.body, blocks(readme, 'json').find(text => text.startsWith('{"value"'))?.trim())
})

t.test('the curl commands of docs/journal.md get the response that the page shows', async t => {
  const page = read('docs/journal.md')
  const bodies = [...page.matchAll(/-d '([^']+)'/g)].map(([, body]) => body!)
  const [, path] = /^VM=(.*)$/m.exec(page)!
  const { app } = await build(t)
  const headers = { authorization: 'Bearer any', 'content-type': 'application/json' }
  const url = `${path}/runCommand?api-version=2024-03-01`
  t.equal((await app.inject({ method: 'POST', url, headers, payload: bodies[0]! })).statusCode, 202)
  for (const [, query] of page.matchAll(/"\$AZRUN\/_emulator\/requests\?([^"]+)"/g)) {
    t.match((await app.inject(`/_emulator/requests?${query}`)).json(), { total: 1 }, query!)
  }
  const failed = await app.inject({ method: 'POST', url: '/_emulator/verify', payload: bodies[1]! })
  t.equal(`${failed.body}\n`, blocks(page, 'text')[0])
})

/** The allowed values of a member of a declaration, in the words of azrun's messages. */
function valueOf (member: Schema, definitions: ConfigSchema['definitions']): string {
  const { $ref, items } = member
  const rule = ruleOf($ref === undefined ? member : definitions[$ref.split('/').at(-1)!]!).replace('must be ', '')
  return items === undefined ? rule : `${rule}${rule.includes(',') ? ';' : ','} each ${valueOf(items, definitions)}`
}

/** The code blocks of a page that are in a language. */
function blocks (text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\``, 'gm'))].map(([, block]) => block!)
}

/** The anchors that a page's headings have on GitHub. */
function headingsOf (page: string): string[] {
  return [...read(page).matchAll(/^#+ (.*)$/gm)]
    .map(([, title]) => title!.toLowerCase().replaceAll(/[^\w -]/g, '').replaceAll(' ', '-'))
}

/** A directory with these files, in which azrun and the SDK are installed. */
function project (t: Test, files: Record<string, string>): string {
  const dir = t.testdir()
  mkdirSync(join(dir, 'node_modules/@azure'), { recursive: true })
  symlinkSync(ROOT, join(dir, 'node_modules/azrun'))
  for (const name of ['@azure/arm-compute', '@types']) symlinkSync(join(ROOT, 'node_modules', name), join(dir, 'node_modules', name))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text)
  return dir
}
