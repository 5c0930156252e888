import { readSchema } from '../validation/read-schema.js'

/** The schemas of the options by name, from openapi/config.schema.json. */
export const { properties = {} } = readSchema('config.schema.json')
