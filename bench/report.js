import { cpus } from 'node:os'
import { median, quartiles } from './statistics.js'

/** A row of ratios, each the other server's cost divided by azrun's: above 1, azrun costs less. */
export function ratioRow (name, ratios, goal = '') {
  return { name, figure: median(ratios).toFixed(2), spread: quartiles(ratios).map(each => each.toFixed(2)).join(' to '), goal }
}

/** A row of values with a unit. */
export function valueRow (name, values, unit, goal = '', digits = 0) {
  const show = value => value.toFixed(digits)
  return { name, figure: `${show(median(values))} ${unit}`, spread: quartiles(values).map(show).join(' to '), goal }
}

/** A row for a figure that could not be measured, and why. */
export function missingRow (name, reason) {
  return { name, figure: `not measured: ${reason}`, spread: '', goal: '' }
}

export function describeMachine () {
  const [{ model }] = cpus()
  return `Measured on ${model.trim()}, ${cpus().length} cores, Node.js ${process.versions.node}, ${process.platform} ${process.arch}.`
}

export function toTable (rows) {
  const lines = rows.map(({ name, figure, spread, goal }) => `| ${name} | ${figure} | ${spread} | ${goal} |`)
  return ['| What | Figure | Half of the rounds | Goal |', '|---|---|---|---|', ...lines].join('\n')
}
