/**
 * What the JSON report of `azrun check` shows: the rules that were held and not violated, and in which scenarios the
 * others were violated, or violated by warnings alone. Where the plain run violates a rule, scenarios say no more. A
 * rule without evidence is left out.
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
