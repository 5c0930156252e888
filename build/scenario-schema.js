import { readFileSync } from 'node:fs'

/**
 * The schema with which editors check and complete scenario files, made of the schemas of openapi/admin.json.
 */
export function scenarioSchema () {
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
  return { 'openapi/scenario.schema.json': `${JSON.stringify(schema, null, 2)}\n` }
}
