const BARS = '▁▂▃▄▅▆▇█'
const WIDTH = 90

const TITLES = {
  rss: 'resident memory, MB',
  heap: 'heap after collection, MB',
  descriptors: 'open descriptors',
  processes: 'processes of scripts',
  health: 'slowest health check, ms'
}

/** A line of bars over time, each for the largest value in its interval, and the range of all values. */
export function plot (name, samples) {
  const values = samples.map(sample => sample[name])
  const width = Math.min(WIDTH, values.length)
  const startOf = part => Math.floor(part * values.length / width)
  const parts = Array.from({ length: width }, (_, part) => Math.max(...values.slice(startOf(part), startOf(part + 1))))
  const [min, max] = [Math.min(...values), Math.max(...values)]
  const bars = parts.map(value => BARS[Math.round((value - min) / Math.max(max - min, 1e-9) * (BARS.length - 1))])
  return `${TITLES[name]}: ${min} to ${max}\n    ${bars.join('')}\n`
}
