import type { FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { derivedId } from '../../core/ids.js'
import type { Random } from '../../core/random.js'
import { originOf, type ReachedBy } from '../../http/origin.js'
import { operationsPath, type Operation } from '../../operations/operation.js'
import type { Clock } from '../../time/clock.js'
import { ArmError } from '../errors/arm-error.js'
import { hasPartition, responseFormOf, type OperationUrlForm } from '../responses/form.js'
import { OperationSigner, type SignedUrl } from './signature.js'

/** An operation and the request whose response has its URLs. */
export interface OperationView {
  readonly operation: Operation
  /** The URLs depend on its api-version and on how it reached azrun. */
  readonly request: ReachedBy & Pick<FastifyRequest, 'apiVersion' | 'query' | 'method' | 'resourceId'>
}

export interface OperationUrlsOptions {
  readonly form: OperationUrlForm
  /** Whether URLs have this form for every api-version. Default: only for those where Azure's have it. */
  readonly always?: boolean
  /** The bytes of the certificate in signed URLs. Default: as in Azure's. */
  readonly certificateBytes?: number
  /** The beginning of URLs. Default: the origin by which the client reached azrun. */
  readonly origin?: string
  readonly clock: Clock
  /** The source of the secret for signatures. */
  readonly random: Pick<Random, 'fill'>
  /** Receives a warning with what a client changed in a URL. */
  readonly log: Pick<Logger, 'warn'>
}

/** The parameters of a signed URL, except `api-version`, and `monitor` in the URL of a result. */
const SIGNED = ['p', 't', 'c', 's', 'h'] as const

type Sent = Readonly<Partial<Record<typeof SIGNED[number] | 'monitor', string | readonly string[]>>>

/** Milliseconds from the year 1, where .NET's ticks begin, to 1970. */
export const YEAR_1 = 62_135_596_800_000

/** How many milliseconds later the `t` of Location is (recorded: azcli_power_vm_2024-07-01, exchange 5). */
const LATER = 15

/**
 * The URLs where clients poll an operation. `p` is a partition, `t` the time, and the signature in `s` and `h` covers
 * the operation, the time and one of the two URLs (recorded form: azure-cli #32286). Inferred: how a client is refused
 * that drops or changes one of them. It may change the api-version, as .NET does; the response then has the new form.
 */
export class OperationUrls {
  readonly #form: OperationUrlForm
  readonly #always: boolean
  readonly #certificateBytes: number | undefined
  readonly #origin: string | undefined
  readonly #clock: Clock
  readonly #log: Pick<Logger, 'warn'>
  /** Generated at the start, so that it is the same for the same seed. */
  readonly #secret = new Uint8Array(32)
  #createdSigner: OperationSigner | undefined
  /** Partitions by location: the same for all operations of a region (recorded: azcli_*_2024-07-01). */
  readonly #partitions = new Map<string, string>()

  constructor ({ form, always = false, certificateBytes, origin, clock, random, log }: OperationUrlsOptions) {
    this.#form = form
    this.#always = always
    this.#certificateBytes = certificateBytes
    this.#origin = origin
    this.#clock = clock
    this.#log = log
    random.fill(this.#secret)
  }

  get #signer (): OperationSigner {
    this.#createdSigner ??= new OperationSigner(this.#secret, this.#certificateBytes)
    return this.#createdSigner
  }

  /** Both URLs for the 202 to an action. */
  accepted (view: OperationView): { readonly status: string, readonly result: string } {
    if (!this.#isSigned(view)) return { status: this.#url(view, false), result: this.#url(view, true) }
    const ms = this.#clock.now().getTime() + YEAR_1
    // Ticks are 100 ns. The digits below the milliseconds come from the operation's id.
    const rest = `${10_000 + parseInt(view.operation.id.slice(-4), 16) % 10_000}`.slice(1)
    return { status: this.#url(view, false, `${ms}${rest}`), result: this.#url(view, true, `${ms + LATER}${rest}`) }
  }

  /** The headers with the URL in the response to a poll in progress, after `check`: see `result`. */
  again (view: OperationView): readonly string[] {
    const { monitor, t } = view.request.query as { monitor?: string, t?: string }
    return monitor === undefined ? [] : ['Location', this.#url(view, true, this.#isSigned(view) ? t : undefined)]
  }

  /** Throws if the URL of a poll was changed. The order and the encoding of its parameters may differ. */
  check (view: OperationView): void {
    const { operation } = view
    const sent = view.request.query as Sent
    const { p, t, c, s, h, monitor } = sent
    if (this.#form === 'plain' || (s === undefined && !this.#isSigned(view))) return
    const url = { operationId: operation.id, isMonitor: monitor !== undefined, time: `${t}` }
    const expected = this.#signer.sign(url)
    if (s === expected.s && h === expected.h && c === this.#signer.certificate &&
      p === this.#partitionOf(operation) && (monitor === undefined || monitor === 'true')) return
    this.#log.warn(`a poll of operation ${operation.id} was refused because the client ${this.#changesOf(sent, url, operation)}: ` +
      'use the URLs of a 202 as they are (--operation-urls plain creates unsigned URLs)')
    throw new ArmError('OperationUrlChanged')
  }

  #url (view: OperationView, isMonitor: boolean, time?: string): string {
    const { operation, request } = view
    const { apiVersion } = request
    const query = `${isMonitor ? 'monitor=true&' : ''}api-version=${encodeURIComponent(apiVersion)}`
    const path = `${this.#origin ?? originOf(request)}${operationsPath(operation)}/${operation.id}`
    if (this.#form === 'plain' || !(this.#always || hasPartition(apiVersion))) return `${path}?${query}`
    const url = `${path}?p=${this.#partitionOf(operation)}&${query}`
    if (time === undefined) return url
    const { s, h } = this.#signer.sign({ operationId: operation.id, isMonitor, time })
    return `${url}&t=${time}&c=${this.#signer.certificate}&s=${s}&h=${h}`
  }

  #isSigned ({ request: { apiVersion } }: OperationView): boolean {
    return this.#form === 'signed' && (this.#always || responseFormOf(apiVersion) === 'current')
  }

  #partitionOf ({ location }: Operation): string {
    let partition = this.#partitions.get(location)
    if (partition === undefined) this.#partitions.set(location, partition = derivedId(location))
    return partition
  }

  /** What a client did to a URL, such as `dropped c and changed t`. */
  #changesOf (sent: Sent, url: SignedUrl, operation: Operation): string {
    const { p, c, s } = sent
    const dropped = SIGNED.filter(name => sent[name] === undefined)
    const changed: string[] = []
    if (p !== undefined && p !== this.#partitionOf(operation)) changed.push('p')
    if (c !== undefined && c !== this.#signer.certificate) changed.push('c')
    if (s !== undefined) changed.push(...this.#signedChanges(sent, url, this.#signer.timeIn(`${s}`)))
    const changes: string[] = []
    if (dropped.length > 0) changes.push(`dropped ${dropped.join(', ')}`)
    if (changed.length > 0) changes.push(`changed ${changed.join(', ')}`)
    return changes.join(' and ')
  }

  /** The changes of signed parameters and of the signature itself, which was created at `time`. */
  #signedChanges ({ t, s, h, monitor }: Sent, url: SignedUrl, time: string | undefined): string[] {
    if (time === undefined) return ['s']
    const changed = t === undefined || t === time ? [] : ['t']
    const isIssued = (each: SignedUrl) => {
      const expected = this.#signer.sign(each)
      return expected.s === s && (h === undefined || expected.h === h)
    }
    if (monitor !== undefined && monitor !== 'true') return [...changed, 'monitor']
    if (isIssued({ ...url, time })) return changed
    if (isIssued({ ...url, time, isMonitor: !url.isMonitor })) return [...changed, 'monitor']
    const expected = this.#signer.sign({ ...url, time })
    if (expected.h === h) return ['s']
    return [...changed, expected.s === s ? 'h' : 's and h']
  }
}
