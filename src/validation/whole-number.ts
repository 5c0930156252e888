/** The whole number that a text stands for; undefined for another text, or for a number that JavaScript would round. */
export function wholeNumberIn (text: string): number | undefined {
  if (!/^-?\d+$/.test(text)) return undefined
  const number = Number(text)
  return Number.isSafeInteger(number) ? number : undefined
}
