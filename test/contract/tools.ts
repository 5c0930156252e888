import t from 'tap'

const tools: { name: string }[] = JSON.parse(process.env['AZRUN_TOOLS'] ?? '[]')

for (const { name } of tools) {
  const { check, skip = false } = await import(`./${name}/check.js`)
  t.test(name, { skip }, async t => { await check(t) })
}
