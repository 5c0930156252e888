import { readSchema } from '../validation/read-schema.js'

/** The options by their names, as openapi/config.schema.json describes them. */
export const { properties = {} } = readSchema('config.schema.json')
