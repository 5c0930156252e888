import { hash, hkdfSync } from 'node:crypto'

/** What is signed. Host and api-version are no part of it: clients put their own there. */
export interface SignedUrl {
  readonly operationId: string
  /** Whether it is the URL of the result. */
  readonly isMonitor: boolean
  /** The parameter `t`. */
  readonly time: string
}

/** The parameters that hold the signature. */
export interface Signature {
  readonly s: string
  readonly h: string
}

/** Recorded: azure-cli #32286 and azcli_*_2024-07-01, whose URLs these make 3 KB long. */
const CERTIFICATE_BYTES = 1796
const SIGNATURE_BYTES = 256
const HASH_LENGTH = 43

/** Digits of .NET's ticks in our age. */
const TIME_LENGTH = 18

/** How many characters of the MAC each of `s` and `h` begins with: 126 bits. */
const HALF = 21

/**
 * Signs URLs with a MAC in the form of Azure's signature. The MAC is SHA-384 of key and text: unlike SHA-256 and
 * SHA-512 it shows only a part of its state, so nobody can append to a text that is signed. An HMAC of node's takes
 * several calls and an object, which made a poll 20 % slower.
 */
export class OperationSigner {
  /** In the place of a certificate, and as long: a client has no use for it. */
  readonly certificate: string
  readonly #key: string
  /** What is left of `s` and `h` beside the MAC. */
  readonly #filler: string

  /**
   * Everything follows from `secret`, 32 bytes: signers with the same secret accept each other's URLs.
   * `certificateBytes` is at most 8160. Default: as many as Azure's certificate has.
   */
  constructor (secret: Uint8Array, certificateBytes = CERTIFICATE_BYTES) {
    const expand = (purpose: string, bytes: number) => Buffer.from(hkdfSync('sha256', secret, '', purpose, bytes))
    // Of a length at which key and text fit in one block.
    this.#key = expand('key', 16).toString('base64url')
    // The tag and the length of a certificate in DER, so that `c` begins as Azure's.
    const head = Buffer.from([0x30, 0x82, 0, 0])
    head.writeUInt16BE(certificateBytes - head.length, 2)
    this.certificate = Buffer.concat([head, expand('certificate', certificateBytes - head.length)]).toString('base64url')
    this.#filler = expand('filler', SIGNATURE_BYTES).toString('base64url')
  }

  sign ({ operationId, isMonitor, time }: SignedUrl): Signature {
    const mac = hash('sha384', `${this.#key}&${operationId}&${isMonitor}&${time}`, 'base64url')
    // With the time once more, for `timeIn`.
    const s = mac.slice(0, HALF) + time
    return {
      s: s + this.#filler.slice(s.length),
      h: mac.slice(HALF, 2 * HALF) + this.#filler.slice(HALF - HASH_LENGTH)
    }
  }

  /** The time that was signed, by the parameter `s`; undefined if that is not one of these. */
  timeIn (s: string): string | undefined {
    const time = s.slice(HALF, HALF + TIME_LENGTH)
    return /^\d+$/.test(time) ? time : undefined
  }
}
