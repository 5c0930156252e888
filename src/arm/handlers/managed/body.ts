import { createHmac, randomBytes } from 'node:crypto'
import { withoutUser } from '../../../core/secrets.js'
import type { ScriptParameter } from '../../../guest/managed-script.js'
import type { ManagedSettings, RunCommandSource } from '../../../resources/managed-run-command.js'
import type { components } from '../../contract/api.js'
import { ArmError } from '../../errors/arm-error.js'
import { invalidValue } from '../../errors/invalid-value.js'
import { shortened } from '../../json/reader.js'

type SentProperties = Partial<components['schemas']['VirtualMachineRunCommandProperties']>

/** A requested run: settings, which clients can see, and protected values, which azrun keeps only during the run. */
export interface AskedFor {
  readonly settings: ManagedSettings
  readonly protected: ProtectedSettings
  /** A hash to compare the protected values of two requests; undefined without any. */
  readonly fingerprint?: string
}

export interface ProtectedSettings {
  readonly parameters: readonly ScriptParameter[]
  readonly scriptUri?: string
  readonly outputBlobUri?: string
  readonly errorBlobUri?: string
}

/** The limit for a script (documented for the action: run-command-extension-linux; inferred for managed ones). */
const MAX_SCRIPT = 256 * 1024

/** In seconds: the largest 32-bit integer. */
const MAX_TIMEOUT = 2 ** 31 - 1

const SOURCES = ['script', 'scriptUri', 'commandId'] as const

/** A random key of this process, so that nobody can guess the fingerprints. */
const KEY = randomBytes(32)

/** Reads the properties of a body. Empty texts and lists count as absent. Throws for invalid values. */
export function askedFor (properties: SentProperties = {}): AskedFor {
  const { source = {}, protectedParameters = [], runAsPassword, timeoutInSeconds } = properties
  requireOneSource(source)
  requireScriptSize(source.script)
  if (timeoutInSeconds !== undefined && (timeoutInSeconds < 0 || timeoutInSeconds > MAX_TIMEOUT)) {
    throw new ArmError('ValueOutOfRange', { parameter: 'timeoutInSeconds', value: timeoutInSeconds, least: 0, most: MAX_TIMEOUT })
  }
  const { scriptUri, outputBlobUri, errorBlobUri } = withoutEmpty({ ...properties, scriptUri: source.scriptUri })
  const secrets = [protectedParameters, runAsPassword, scriptUri, outputBlobUri, errorBlobUri]
  const hasSecrets = secrets.some(each => each !== undefined && each.length > 0)
  return {
    settings: settingsOf(properties),
    protected: { parameters: protectedParameters, ...withoutEmpty({ scriptUri, outputBlobUri, errorBlobUri }) },
    ...hasSecrets && { fingerprint: createHmac('sha256', KEY).update(JSON.stringify(secrets)).digest('base64') }
  }
}

function settingsOf (properties: SentProperties): ManagedSettings {
  const { source = {}, parameters, runAsUser, timeoutInSeconds, asyncExecution, ...others } = properties
  const { script, scriptUri, commandId } = source
  const isAlone = [scriptUri, commandId].every(each => each === undefined || each === '')
  return withoutEmpty({
    source: {
      ...script !== undefined && (script !== '' || isAlone) && { script },
      ...withoutEmpty({ scriptUri: shownUri(scriptUri), commandId })
    } as RunCommandSource,
    parameters,
    runAsUser,
    timeoutInSeconds,
    outputBlobUri: shownUri(others.outputBlobUri),
    errorBlobUri: shownUri(others.errorBlobUri),
    asyncExecution,
    treatFailureAsDeploymentFailure: others.treatFailureAsDeploymentFailure
  }) as ManagedSettings
}

function requireOneSource (source: RunCommandSource): void {
  const [first, second] = SOURCES.filter(name => source[name] !== undefined && source[name] !== '')
  if (second !== undefined) {
    throw new ArmError('InvalidParameterConflictingProperties', { other: `source.${second}`, property: `source.${first}` })
  }
}

function requireScriptSize (script = ''): void {
  if (Buffer.byteLength(script) <= MAX_SCRIPT) return
  const rule = `has ${Buffer.byteLength(script)} bytes, and at most ${MAX_SCRIPT} are allowed`
  throw invalidValue({ parameter: 'source.script', value: shortened(script), rule })
}

/** The URI for responses; undefined if it has a signature or a password (documented: terraform-provider-azurerm). */
function shownUri (uri: string | undefined): string | undefined {
  if (uri === undefined || withoutUser(uri) !== uri) return undefined
  const plain = uri.replaceAll(/%([\da-f]{2})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
  return /[?&]sig=/i.test(plain) ? undefined : uri
}

function withoutEmpty<Members extends object> (members: Members): Partial<Members> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) =>
    value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0))) as Partial<Members>
}
