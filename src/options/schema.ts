import { readSchema } from '../validation/json-schema.js'

/** The schemas of the options by name, from openapi/config.schema.json. */
export const { properties = {} } = readSchema('config.schema.json')
