const API_VERSIONS = new Set(['2017-03-30', '2018-04-01', '2019-12-01', '2020-12-01', '2021-11-01', '2022-11-01', '2023-09-01', '2024-03-01'])
const GUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i
const LOCAL = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i

/** The reason to refuse a request before reading its body, if any. */
export function problemOf (query, subscriptionId, { authorization, host, origin }) {
  const apiVersion = query.get('api-version')
  if (origin !== undefined || !LOCAL.test(host)) return { status: 403, code: 'RequestRefused' }
  if (apiVersion === null) return { status: 400, code: 'MissingApiVersionParameter' }
  if (!API_VERSIONS.has(apiVersion)) return { status: 404, code: 'InvalidResourceType' }
  if (!GUID.test(subscriptionId)) return { status: 400, code: 'InvalidSubscriptionId' }
  if (authorization === undefined || !/^Bearer \S/i.test(authorization)) return { status: 401, code: 'AuthenticationFailed' }
  return undefined
}
