import openapiTS, { astToString, COMMENT_HEADER } from 'openapi-typescript'

/** The types of the bodies and parameters of the APIs. */
export async function types () {
  const files = {}
  for (const name of ['arm', 'entra', 'admin']) {
    const nodes = await openapiTS(new URL(`../openapi/${name}.json`, import.meta.url))
    files[`src/${name}/api.d.ts`] = `${COMMENT_HEADER}${astToString(nodes)}`
  }
  return files
}
