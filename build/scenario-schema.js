import { readFileSync } from 'node:fs'

/**
 * The schema that editors use to check and complete scenario files, built from the schemas of openapi/admin.json.
 */
export function scenarioSchema () {
  const { components: { schemas } } = JSON.parse(readFileSync(new URL('../openapi/admin.json', import.meta.url), 'utf8'))
  /** The schemas that the schema refers to, by name. */
  const definitions = {}

  /** A schema that refers to the definitions. */
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
