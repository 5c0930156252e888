/**
 * The results of a JSON report of `azrun check`: the rules that were held and never violated, and for each other rule
 * the scenarios that violated it, or had only warnings. For a rule that the plain run violates, this is only `plain`.
 * Rules without evidence are left out.
 */
export function keptRules ({ findings, held }) {
  const runs = held.map(({ subject }) => subject)
  const broken = new Set(findings.map(({ rule }) => rule))
  const kept = new Set(held.flatMap(({ rules }) => rules))
  return {
    held: [...kept].filter(rule => !broken.has(rule)).sort(byNumber),
    violated: runsByRule((run, rule) => has(run, rule, 'error')),
    warning: runsByRule((run, rule) => has(run, rule, 'warning') && !has(run, rule, 'error'))
  }

  function has (run, rule, severity) {
    return findings.some(each => each.subject === run && each.rule === rule && each.severity === severity)
  }

  function runsByRule (isBroken) {
    return Object.fromEntries([...broken].sort(byNumber).flatMap(rule => {
      const found = runs.filter(run => isBroken(run, rule))
      return found.length === 0 ? [] : [[rule, found.includes('plain') ? ['plain'] : found]]
    }))
  }
}

function byNumber (one, other) {
  return Number(one.slice(1)) - Number(other.slice(1))
}
