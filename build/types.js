import openapiTS, { astToString, COMMENT_HEADER } from 'openapi-typescript'

/** The types of the bodies and parameters of the APIs. */
export async function types () {
  const files = {}
  for (const [name, room] of Object.entries({ arm: 'arm/contract', entra: 'entra', admin: 'admin' })) {
    const nodes = await openapiTS(new URL(`../openapi/${name}.json`, import.meta.url))
    files[`src/${room}/api.d.ts`] = `${COMMENT_HEADER}${astToString(nodes)}`
  }
  return files
}
