import { accessErrors } from './access.js'
import { computeErrors } from './compute.js'
import { httpErrors } from './http.js'
import { jsonErrors } from './json.js'
import { ownErrors } from './own.js'
import { resourceManagerErrors } from './resource-manager.js'
import { throttlingErrors } from './throttling.js'

/**
 * All errors of this surface. Recorded texts are Azure's. A scenario's error with only a code is the first one of
 * Azure's with it, so the order matters.
 */
export const errors = {
  ...resourceManagerErrors,
  ...accessErrors,
  ...httpErrors,
  ...computeErrors,
  ...jsonErrors,
  ...throttlingErrors,
  ...ownErrors
} as const

export type ErrorName = keyof typeof errors
