import { readFileSync } from 'node:fs'

/** The operations of Azure's that azrun serves, so that azrun need not read the documents to know them. */
export function operationIds () {
  const operations = ['arm', 'entra'].flatMap(name => {
    const { paths } = JSON.parse(readFileSync(new URL(`../openapi/${name}.json`, import.meta.url), 'utf8'))
    return Object.values(paths).flatMap(methods => Object.values(methods))
  })
  const longRunning = operations.filter(operation => operation['x-ms-long-running-operation'] === true)
  return {
    'src/matching/operation-ids.ts': `// Generated from openapi/arm.json and entra.json by \`npm run generate\`.

/** The operations of both documents. */
export const OPERATION_IDS = ${listOf(operations)}

/** The operations that the contract marks as long-running. */
export const LONG_RUNNING = ${listOf(longRunning)}
`
  }
}

function listOf (operations) {
  return `[\n${operations.map(({ operationId }) => `  '${operationId}'`).join(',\n')}\n] as const`
}
