import { readFileSync } from 'node:fs'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { definitions } from '../../src/commands/definitions.js'
import { run } from '../../src/commands/program.js'

const { properties } = JSON.parse(readFileSync(new URL('../../openapi/config.schema.json', import.meta.url), 'utf8'))

/** The output of a command on stdout. */
async function printed (t: Test, ...words: string[]): Promise<string> {
  const stdout = new PassThrough()
  const { restore } = t.intercept(process, 'stdout', { value: stdout })
  try {
    await run(words, {})
  } finally {
    restore()
  }
  return await text(stdout.end())
}

t.test('each command prints the same help of at most 80 columns for --help, -h and help COMMAND', async t => {
  for (const { name, summary } of definitions) {
    const help = await printed(t, name, '--help')
    t.match(help, `Usage: azrun ${name} `)
    t.ok(help.replaceAll(/\s+/g, ' ').includes(summary), name)
    t.strictSame(help.split('\n').filter(line => line.length > 80), [], name)
    for (const other of [[name, '-h'], ['help', name]]) t.equal(await printed(t, ...other), help, other.join(' '))
  }
})

t.test('azrun --help, -h and help list every command', async t => {
  const help = await printed(t, '--help')
  for (const { name } of definitions) t.match(help, new RegExp(`^  ${name} `, 'm'))
  t.strictSame(help.split('\n').filter(line => line.length > 80), [])
  for (const other of [['-h'], ['help'], ['--port', '1', '-h']]) t.equal(await printed(t, ...other), help, other.join(' '))
})

t.test('the help of serve and exec lists every option of the schema with its values and its default', async t => {
  for (const command of ['serve', 'exec']) {
    const help = (await printed(t, 'help', command)).replaceAll(/\s+/g, ' ')
    for (const [name, { type, title, description, default: value, enum: values }] of Object.entries<any>(properties)) {
      if (name === '$schema' || (type === 'array' && title === undefined)) continue
      const flag = name.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
      t.ok(help.includes(` --${flag} `), flag)
      t.ok(help.includes(description), flag)
      for (const each of values ?? []) t.match(help, each, flag)
      if (['string', 'number'].includes(typeof value) && name !== 'port') t.ok(help.includes(`Default: ${value}.`), flag)
    }
  }
  t.match(await printed(t, 'help', 'serve'), 'Default: 10900.')
  t.match(await printed(t, 'help', 'exec'), /0 picks a\s+free one\. Default: 0\./)
})

t.test('the help of the other commands lists only the options that they use', async t => {
  const flagsOf = async (command: string) => [...(await printed(t, 'help', command)).matchAll(/^ {2}(?:-h, )?(--[a-z-]+)/gm)].map(([, flag]) => flag)
  t.strictSame(await flagsOf('healthcheck'), ['--wait', '--host', '--port', '--config', '--ready-file', '--help'])
  t.strictSame(await flagsOf('env'),
    ['--format', '--unset', '--host', '--port', '--config', '--ready-file', '--data-dir', '--help'])
  t.strictSame(await flagsOf('doctor'),
    ['--host', '--port', '--config', '--data-dir', '--executor', '--cert', '--key', '--help'])
  for (const command of ['completion', 'help']) t.strictSame(await flagsOf(command), ['--help'])
})

t.test('--help prints the help despite other mistakes, but not after --', async t => {
  t.match(await printed(t, 'env', '--prot', '1', '--help'), /^Usage: azrun env/)
  await t.rejects(printed(t, 'serve', '--', '--help'), { message: "'--' is for exec and check only" })
})
