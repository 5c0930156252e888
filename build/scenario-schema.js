/**
 * Writes openapi/scenario.schema.json, with which editors check and complete scenario files, from the schemas of
 * openapi/admin.json. With --check it changes nothing, and fails if the file is not up to date.
 */
import { readFileSync, writeFileSync } from 'node:fs'

const SCHEMA = new URL('../openapi/scenario.schema.json', import.meta.url)
const { components: { schemas } } = JSON.parse(readFileSync(new URL('../openapi/admin.json', import.meta.url), 'utf8'))

/** Those that a schema needs, by name. */
const definitions = {}

/** A schema with references to the definitions. */
function collected (value) {
  return JSON.parse(JSON.stringify(value), (key, each) => {
    if (key !== '$ref') return each
    const name = each.slice(each.lastIndexOf('/') + 1)
    if (!(name in definitions)) {
      definitions[name] = {}
      definitions[name] = collected(schemas[name])
    }
    return `#/definitions/${name}`
  })
}

const schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'azrun scenario file',
  ...collected(schemas.ScenarioFile),
  definitions
}
const text = `${JSON.stringify(schema, null, 2)}\n`

if (!process.argv.includes('--check')) {
  writeFileSync(SCHEMA, text)
} else if (readFileSync(SCHEMA, 'utf8') !== text) {
  console.error('openapi/scenario.schema.json is not up to date: run npm run generate')
  process.exitCode = 1
}
