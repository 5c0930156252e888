export function median (values) {
  return quantile(values, 0.5)
}

/** The bounds of the middle half of the values. */
export function quartiles (values) {
  return [quantile(values, 0.25), quantile(values, 0.75)]
}

function quantile (values, share) {
  const sorted = values.toSorted((a, b) => a - b)
  const position = (sorted.length - 1) * share
  const below = sorted[Math.floor(position)]
  return below + (sorted[Math.ceil(position)] - below) * (position - Math.floor(position))
}
