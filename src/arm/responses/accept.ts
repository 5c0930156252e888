/** The media types of bodies in the contract. */
export type MediaType = 'application/json' | 'text/json'

const MEANT: Readonly<Record<string, MediaType>> = {
  'application/json': 'application/json',
  'application/*': 'application/json',
  '*/*': 'application/json',
  'text/json': 'text/json',
  'text/*': 'text/json'
}

/**
 * The media type that an Accept header prefers: the first one with the highest quality. Recorded: az sends
 * `application/json, text/json` and gets the former. Documented by the contract: `text/json` alone gets that.
 */
export function mediaTypeFor (accept = ''): MediaType {
  if (!/text\//i.test(accept)) return 'application/json'
  let best: { mediaType: MediaType, quality: number } = { mediaType: 'application/json', quality: 0 }
  for (const range of accept.split(',')) {
    const [, name = '', quality = '1'] = /^\s*([^\s;]+)\s*(?:;.*?\bq=([\d.]+))?/i.exec(range) ?? []
    const mediaType = MEANT[name.toLowerCase()]
    if (mediaType !== undefined && Number(quality) > best.quality) best = { mediaType, quality: Number(quality) }
  }
  return best.mediaType
}
