import type { JsonSchema } from '../validation/json-schema.js'
import { properties } from './schema.js'

/** An option of the command line, which can also be an environment variable. */
export interface Flag {
  /** The name in camelCase, as in a configuration. */
  readonly name: string
  /** The name with its hyphens: `--log-level`. */
  readonly flag: string
  /** `AZRUN_LOG_LEVEL`; undefined for an option of one command. */
  readonly variable?: string
  readonly schema: JsonSchema
}

const CONFIG: JsonSchema = {
  type: 'string',
  title: 'FILE',
  description: 'A JSON file with these options in camelCase (logLevel); comments are allowed. Its paths are relative to the file.'
}

/** The options of the configuration that are flags, in the order of the help: all but lists of declarations. */
export const configFlags: readonly Flag[] = Object.entries(properties)
  .filter(([name, { type, title }]) => name !== '$schema' && (type !== 'array' || title !== undefined))
  .map(([name, schema]) => configFlagOf(name, schema))
  .toSpliced(2, 0, configFlagOf('config', CONFIG))

/** Creates a flag from an option's schema. */
export function flagOf (name: string, schema: JsonSchema): Flag {
  return { name, flag: flagNameOf(name), schema }
}

function configFlagOf (name: string, schema: JsonSchema): Flag {
  const flag = flagOf(name, schema)
  return { ...flag, variable: `AZRUN_${flag.flag.slice(2).replaceAll('-', '_').toUpperCase()}` }
}

/** The flag of an option: `--log-level` for `logLevel`. */
export function flagNameOf (name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`
}
