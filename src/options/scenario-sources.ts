import { identityOf } from '../scenarios/identity.js'
import type { ScenarioFile } from '../scenarios/named.js'
import type { Scenario } from '../scenarios/scenario.js'
import { readContents } from './content-files.js'
import type { Layer } from './layers.js'
import type { OptionName } from './names.js'

/** Scenarios, and what is wrong with their files or names, a line each. */
export interface FoundScenarios {
  readonly scenarios: readonly Scenario[]
  readonly problems: readonly string[]
}

/** The scenarios of an option: a list, which its source has checked, or a file or directory to read. */
export async function readScenarios (value: string | readonly Scenario[] | undefined,
  option: OptionName): Promise<FoundScenarios> {
  if (typeof value !== 'string') return { scenarios: value ?? [], problems: [] }
  // Loaded only here: most runs have no scenarios.
  const { scenarioFileMistakes } = await import('./scenario-check.js')
  const kind = { name: 'scenario', mistakesIn: scenarioFileMistakes } as const
  const { contents, problems } = await readContents<ScenarioFile>(value, option, kind)
  const files = new Map<string, string>()
  const repeated = contents.flatMap(({ file, content: { scenario } }) => {
    const identity = identityOf(scenario)
    const other = files.get(identity)
    if (other === undefined) { files.set(identity, file); return [] }
    return [`${file}: the scenario '${scenario.name}' is in ${other}, too: rename one of the two`]
  })
  return { scenarios: contents.map(({ content }) => content.scenario), problems: [...problems, ...repeated] }
}

/** Adds the mistakes of a source's list of scenarios, if it has one. */
export async function withScenarioMistakes (layer: Layer): Promise<Layer> {
  const { scenarios } = layer.values
  if (!Array.isArray(scenarios)) return layer
  const { scenarioListMistakes } = await import('./scenario-check.js')
  return { ...layer, mistakes: [...layer.mistakes, ...scenarioListMistakes(scenarios, ['scenarios'])] }
}
