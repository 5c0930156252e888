/** The longest integer that Json.NET reads, in characters. */
const LONGEST_INTEGER = 380

/** The .NET text of a JSON number that Json.NET reads; undefined if Json.NET refuses it. Also accepts long integers. */
export function printedNumber (text: string): string | undefined {
  if (/^0[^.eE]/.test(text)) return printedInteger(text)
  if (/^-?\d+$/.test(text)) return `${BigInt(text)}`
  if (!/^-?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?$/i.test(text)) return undefined
  const value = Number(text)
  return Number.isFinite(value) ? printedDouble(value) : undefined
}

export function isTooLong (text: string): boolean {
  return text.length > LONGEST_INTEGER && /^-?\d+$/.test(text)
}

/** The text of a 64-bit integer that begins with 0: hexadecimal after 0x, otherwise octal. */
function printedInteger (text: string): string | undefined {
  const digits = /^0x/i.test(text) ? text.toLowerCase() : `0o${text.slice(1)}`
  if (!/^0(?:x[\da-f]+|o[0-7]+)$/.test(digits) || text.length > LONGEST_INTEGER) return undefined
  const value = BigInt(digits)
  return value < 2n ** 64n ? `${BigInt.asIntN(64, value)}` : undefined
}

/** .NET Framework's general format: 15 digits, and from 1E+15 and 1E-05 on an exponent of at least two digits. */
function printedDouble (value: number): string {
  const shortest = `${value}`
  if (Math.abs(value) >= 1e-4 && Math.abs(value) < 1e15 && shortest.length <= 16) return shortest
  const [mantissa, exponent] = value.toExponential(14).split('e') as [string, string]
  const power = Number(exponent)
  if (power > -5 && power < 15) return `${Number(value.toPrecision(15))}`
  return `${Number(mantissa)}E${exponent.charAt(0)}${exponent.slice(1).padStart(2, '0')}`
}
