import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import standalone from 'ajv/dist/standalone/index.js'

/** Options for schemas that the tests have validated. */
const TRUSTED = {
  meta: false,
  validateSchema: false,
  formats: { uuid: true, 'date-time': true, int32: true, int64: true },
  code: { source: true, esm: true, lines: true }
}

/** Options for messages to people: all errors, each with the schema that it breaks. */
const EXPLAINED = { ...TRUSTED, allErrors: true, verbose: true }

/** Azure writes times in ticks of 100 ns, without trailing zeros. */
const TICKS = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,7})?(?:Z|[+-]\d{2}:\d{2})$/

/** The name of an OpenAPI document for ajv. */
const DOCUMENT = 'openapi'

/** The validators of src/, compiled from the schemas of openapi/, so that azrun starts without ajv. */
export function validators () {
  return {
    'src/options/flag-validators.ts': flagValidators(),
    'src/options/validators.ts': optionValidators(),
    'src/scenarios/validators.ts': scenarioValidators(),
    'src/arm/contract/validators.ts': routeValidators('arm.json', gatedParametersOf, TRUSTED),
    'src/admin/validators.ts': routeValidators('admin.json', allParametersOf, EXPLAINED),
    'src/conformance/validators.ts': responseValidators('arm.json')
  }
}

/** Validators of the options of the command line. A start needs no others, and most of the code is for others. */
function flagValidators () {
  const ajv = new Ajv(EXPLAINED).addVocabulary(['components', 'errorMessage'])
  const schema = readJson('config.schema.json')
  const properties = entriesOf(schema.properties, (_, { type, title }) => type !== 'array' || title !== undefined)
  const used = JSON.stringify(properties)
  const definitions = entriesOf(schema.definitions, name => used.includes(`"#/definitions/${name}"`))
  ajv.addSchema({ ...schema, properties, definitions }, 'flags')
  return moduleOf(ajv, { flags: 'flags' })
}

function entriesOf (object, isWanted) {
  return Object.fromEntries(Object.entries(object).filter(([name, value]) => isWanted(name, value)))
}

function optionValidators () {
  const ajv = new Ajv(EXPLAINED).addVocabulary(['components', 'errorMessage'])
  for (const name of ['config', 'fixture']) ajv.addSchema(readJson(`${name}.schema.json`), name)
  return moduleOf(ajv, { config: 'config', fixture: 'fixture' })
}

function scenarioValidators () {
  const ajv = new Ajv(EXPLAINED).addVocabulary(['components', 'errorMessage'])
  ajv.addSchema({ components: readJson('admin.json').components }, DOCUMENT)
  const schemas = { scenario: 'Scenario', file: 'ScenarioFile', match: 'Match' }
  return moduleOf(ajv, Object.fromEntries(Object.entries(schemas)
    .map(([key, name]) => [key, `${DOCUMENT}#/components/schemas/${name}`])))
}

/** Validators of the JSON bodies and the parameters of a document's operations. */
function routeValidators (name, parametersOf, options) {
  const document = readJson(name)
  const ajv = new Ajv(options).addVocabulary(['components', 'errorMessage', 'x-azrun-required'])
  ajv.addSchema({ components: document.components }, DOCUMENT)
  const exported = {}
  for (const operation of Object.values(document.paths).flatMap(methods => Object.values(methods))) {
    // The surfaces read forms themselves, because all values are text.
    const json = operation.requestBody?.content['application/json']
    const parts = { ...json && { body: { $ref: `${DOCUMENT}${json.schema.$ref}` } }, ...parametersOf(document, operation) }
    for (const [part, schema] of Object.entries(parts)) {
      const key = `${operation.operationId}_${part}`
      ajv.addSchema(schema, key)
      exported[key] = key
    }
  }
  return moduleOf(ajv, exported)
}

/**
 * Validators of the response bodies, by the names of their schemas. They are stricter than the document, which must
 * agree with Azure's: they refuse members that are not described, and require those in `x-azrun-required`.
 */
function responseValidators (name) {
  const { paths, components } = readJson(name)
  const ajv = new Ajv({ ...EXPLAINED, verbose: false, formats: { 'date-time': TICKS, int32: true, int64: true } })
    .addVocabulary(['components'])
  const schemas = Object.fromEntries(Object.entries(components.schemas)
    .map(([key, schema]) => [key, exact(schema, components.schemas)]))
  ajv.addSchema({ components: { schemas } }, DOCUMENT)
  const responses = Object.values(paths).flatMap(methods => Object.values(methods))
    .flatMap(operation => Object.values(operation.responses))
  const bodies = [...responses, ...Object.values(components.responses)]
    .flatMap(({ content = {} }) => Object.values(content)).flatMap(({ schema }) => schema.anyOf ?? [schema])
  const names = new Set(bodies.map(({ $ref }) => $ref.split('/').at(-1)))
  return moduleOf(ajv, Object.fromEntries([...names].sort().map(each => [each, `${DOCUMENT}#/components/schemas/${each}`])))
}

/** A schema that allows only the members that it describes. Inherited schemas are merged into it. */
function exact ({ 'x-azrun-required': always = [], allOf = [], ...schema }, schemas) {
  const inherited = allOf.map(({ $ref }) => exact(schemas[$ref.split('/').at(-1)], schemas))
  const own = Object.fromEntries(Object.entries(schema.properties ?? {})
    .map(([member, each]) => [member, exact(each, schemas)]))
  const properties = Object.assign({}, ...inherited.map(each => each.properties), own)
  const isDescribed = Object.keys(properties).length > 0
  const required = [...inherited.flatMap(each => each.required ?? []), ...schema.required ?? [], ...always]
  return {
    ...schema,
    ...isDescribed && { properties, additionalProperties: schema.additionalProperties ?? false },
    ...required.length > 0 && { required: [...new Set(required)] },
    ...schema.items && { items: exact(schema.items, schemas) }
  }
}

/** The path parameters that the surface does not check before Fastify validates them. */
function gatedParametersOf (document, operation) {
  const constrained = parametersIn('path', document, operation).filter(({ schema }) => 'pattern' in schema)
    .filter(each => !each['x-azrun-gate'])
  return constrained.length === 0 ? {} : { params: objectOf(constrained) }
}

function allParametersOf (document, operation) {
  const path = parametersIn('path', document, operation)
  const query = parametersIn('query', document, operation)
  return {
    ...path.length > 0 && { params: objectOf(path) },
    ...query.length > 0 && { query: { ...objectOf(query), additionalProperties: false } }
  }
}

function parametersIn (place, { components }, { parameters = [] }) {
  return parameters.map(each => each.$ref ? components.parameters[each.$ref.split('/').at(-1)] : each)
    .filter(each => each.in === place)
}

function objectOf (parameters) {
  return { type: 'object', properties: Object.fromEntries(parameters.map(({ name, schema }) => [name, schema])) }
}

function moduleOf (ajv, exported) {
  const code = standalone(ajv, exported)
    .replace('"use strict";\n', '')
    // ajv copies all previous errors for each wrong item of a list, which takes minutes for a long list.
    .replaceAll(/vErrors = vErrors === null \? (\w+)\.errors : vErrors\.concat\(\1\.errors\);/g,
      'if(vErrors === null) vErrors = $1.errors; else for(const each of $1.errors) vErrors.push(each);')
    // ajv uses require() even in an ES module.
    .replaceAll(/const (\w+) = require\("ajv\/dist\/runtime\/(\w+)"\)\.default;/g,
      'import $2 from "ajv/dist/runtime/$2.js";const $1 = $2.default;')
  return `// Generated by npm run generate; do not edit.\n// @ts-nocheck\n${code}\n`
}

function readJson (name) {
  return JSON.parse(readFileSync(new URL(`../openapi/${name}`, import.meta.url), 'utf8'))
}
