/**
 * Writes all generated files, for example the validators. With --check it only compares them, and exits with 1 if one
 * is not up to date.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { contracts } from './contracts.js'
import { namedPage } from './named-page.js'
import { operationIds } from './operation-ids.js'
import { ruleTables } from './rule-table.js'
import { scenarioSchema } from './scenario-schema.js'
import { types } from './types.js'
import { validators } from './validators.js'

const files = {
  ...await types(),
  ...validators(),
  ...contracts(),
  ...operationIds(),
  ...scenarioSchema(),
  ...namedPage(),
  ...ruleTables()
}
const urlOf = file => new URL(`../${file}`, import.meta.url)
const outdated = Object.keys(files).filter(file => readFileSync(urlOf(file), 'utf8') !== files[file])
if (!process.argv.includes('--check')) {
  for (const file of outdated) writeFileSync(urlOf(file), files[file])
} else if (outdated.length > 0) {
  console.error(`not up to date: ${outdated.join(', ')}; run npm run generate`)
  process.exitCode = 1
}
