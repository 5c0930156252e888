import { graphErrors } from './graph.js'
import { loginErrors } from './login.js'
import { managedIdentityErrors } from './managed-identity.js'
import { ownErrors } from './own.js'

/** All errors of this surface. The order matters: of several with the same code, a scenario's error is the first. */
export const errors = { ...loginErrors, ...managedIdentityErrors, ...graphErrors, ...ownErrors } as const

export type ErrorName = keyof typeof errors
