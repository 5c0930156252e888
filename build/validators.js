import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import standalone from 'ajv/dist/standalone/index.js'

/** The tests validate our schemas. */
const TRUSTED = {
  meta: false,
  validateSchema: false,
  formats: { uuid: true, 'date-time': true, int32: true, int64: true },
  code: { source: true, esm: true, lines: true }
}

/** For people: all that is wrong, each with the schema that it breaks. */
const EXPLAINED = { ...TRUSTED, allErrors: true, verbose: true }

/** Azure writes times in ticks of 100 ns, without the zeros at the end. */
const TICKS = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,7})?(?:Z|[+-]\d{2}:\d{2})$/

/** The name by which ajv finds the components of an OpenAPI document. */
const DOCUMENT = 'openapi'

/** The validators of src/, compiled from the schemas of openapi/: azrun starts without ajv. */
export function validators () {
  return {
    'src/options/flag-validators.ts': flagValidators(),
    'src/options/validators.ts': optionValidators(),
    'src/scenarios/validators.ts': scenarioValidators(),
    'src/arm/validators.ts': routeValidators('arm.json', gatedParametersOf, TRUSTED),
    'src/admin/validators.ts': routeValidators('admin.json', allParametersOf, EXPLAINED),
    'src/conformance/validators.ts': responseValidators('arm.json')
  }
}

/** Of the options that a command line has. A start checks no others, and most of the code is for the others. */
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

/** Validators of the JSON bodies and of the parameters of the operations of a document. */
function routeValidators (name, parametersOf, options) {
  const document = readJson(name)
  const ajv = new Ajv(options).addVocabulary(['components', 'errorMessage', 'x-azrun-required'])
  ajv.addSchema({ components: document.components }, DOCUMENT)
  const exported = {}
  for (const operation of Object.values(document.paths).flatMap(methods => Object.values(methods))) {
    // Surfaces read forms themselves: their values are all text.
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
 * Validators of the bodies of responses, by the name of their schema: of all schemas to which a response refers. They
 * are stricter than the document, which has to agree with what Azure publishes: nothing may be there that is not
 * described, and what `x-azrun-required` names must be there.
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

/** A schema that lets pass only what it describes; those that it inherits from are merged into it. */
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

/** The path parameters that the surface has not checked when Fastify validates them. */
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
    // ajv copies all errors so far for each item of a list that has some: of a long list, that takes minutes.
    .replaceAll(/vErrors = vErrors === null \? (\w+)\.errors : vErrors\.concat\(\1\.errors\);/g,
      'if(vErrors === null) vErrors = $1.errors; else for(const each of $1.errors) vErrors.push(each);')
    // Of an ES module, too, ajv requires what it needs at run time.
    .replaceAll(/const (\w+) = require\("ajv\/dist\/runtime\/(\w+)"\)\.default;/g,
      'import $2 from "ajv/dist/runtime/$2.js";const $1 = $2.default;')
  return `// Generated by npm run generate; do not edit.\n// @ts-nocheck\n${code}\n`
}

function readJson (name) {
  return JSON.parse(readFileSync(new URL(`../openapi/${name}`, import.meta.url), 'utf8'))
}
