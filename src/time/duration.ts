/** A length of time: milliseconds, or a text such as `90m`, `1h30m` or `500ms`. */
export type Duration = number | string

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const TEXT = /^(?=\d)(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/

/** The milliseconds of a duration; undefined if it is negative or malformed. */
export function millisecondsOf (duration: Duration): number | undefined {
  if (typeof duration === 'number') return duration >= 0 ? duration : undefined
  const found = TEXT.exec(duration)
  if (found === null) return undefined
  const [days, hours, minutes, seconds, ms] = found.slice(1).map(part => Number(part ?? 0)) as Parts
  return days * DAY + hours * HOUR + minutes * MINUTE + seconds * SECOND + ms
}

type Parts = [days: number, hours: number, minutes: number, seconds: number, ms: number]
