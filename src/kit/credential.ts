import type { Emulator } from '../emulator/emulator.js'
import { systemClock } from '../time/clock.js'
import { checkedOptions } from './checked-options.js'

/** A TokenCredential of @azure/core-auth. */
export interface TestCredential {
  getToken (): Promise<{ token: string, expiresOnTimestamp: number }>
}

export interface CredentialOptions {
  /** The declared application that the token identifies. Default: the first one, or one that azrun invents. */
  readonly clientId?: string
}

const DAY = 24 * 60 * 60

/** In seconds by azrun's clock, which a test may move by months. */
const LIFETIME = 3650 * DAY

/** A credential that needs no login: no scenario with the effect `login` affects it, and its token stays valid. */
export function createCredential (emulator: Pick<Emulator, 'issueToken'>, options: CredentialOptions): TestCredential {
  const { clientId } = checkedOptions(options, ['clientId'], 'credential')
  let issued: Promise<string> | undefined
  return {
    async getToken () {
      issued ??= emulator.issueToken({ clientId, lifetime: LIFETIME })
      return { token: await issued, expiresOnTimestamp: systemClock.now().getTime() + DAY * 1000 }
    }
  }
}
