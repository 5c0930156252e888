import { readdirSync } from 'node:fs'
import t from 'tap'
import { scenarioFileMistakes } from '../../src/options/scenario-check.js'
import { NamedScenarios } from '../../src/scenarios/named.js'

t.test('the file of each named scenario has its name, says what it is for, and is right', async t => {
  const files = new NamedScenarios().list()
  t.ok(files.length > 5)
  for (const file of files) {
    const { scenario: { name }, description, client, source } = file
    t.strictSame(scenarioFileMistakes(file), [], name)
    t.ok(description && client && /^https:\/\//.test(source ?? 'https://'), name)
  }
  t.strictSame(files.map(({ scenario: { name } }) => `${name}.json`), readdirSync(new URL('../../fixtures/scenarios/', import.meta.url)).sort())
})

t.test('a named scenario is found by its name', async t => {
  const named = new NamedScenarios()
  t.match(named.find('throttled-twice'), { calls: '1-2' })
  t.equal(named.find('nothing'), undefined)
})
