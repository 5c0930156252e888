import type { Scenario } from '../../scenarios/scenario.js'
import { UnknownScenario } from '../../scenarios/unknown-scenario.js'
import { ScenarioNotDone } from '../../scenarios/wait.js'
import { AdminError } from '../errors.js'
import { untilGone } from '../going-away.js'
import type { AdminRequest, AdminResponse, Handlers, Services } from '../handler-types.js'
import { refuse } from '../refusal.js'

type ScenarioHandlers = Pick<Handlers, 'Scenarios_List' | 'Scenarios_Replace' | 'Scenarios_Clear' |
  'Scenarios_CreateOrUpdate' | 'Scenarios_Delete' | 'NamedScenarios_List'>

/**
 * Lets tests see, change and await the active scenarios. What the check accepts is a `Scenario`: only the contract's
 * type of an effect lets it have several kinds.
 */
export function scenarioHandlers ({ scenarios, checkScenarios }: Pick<Services, 'scenarios' | 'checkScenarios'>): ScenarioHandlers {
  return {
    Scenarios_List: async request => {
      const { name, subscriptionId, wait } = request.query
      if (wait !== undefined) return await waited(request)
      if (name === undefined) return { body: { value: scenarios.list(subscriptionId) } }
      const found = scenarios.find(name, subscriptionId)
      if (found === undefined) throw notFound(scenarios.unknown(name, subscriptionId))
      return { body: { value: [found] } }
    },
    Scenarios_Replace: async ({ body }) => {
      const { scenarioListMistakes } = await checkScenarios()
      refuse(scenarioListMistakes(body.value, ['value']))
      scenarios.replaceAll(body.value as readonly Scenario[])
      return { body }
    },
    Scenarios_Clear: ({ query: { subscriptionId } }) => {
      scenarios.clear(subscriptionId)
      return {}
    },
    Scenarios_CreateOrUpdate: async ({ params: { name }, query: { position }, body }) => {
      const scenario = { name, ...body }
      if ((body.name ?? name) !== name) {
        throw new AdminError(400, `'name' must be '${name}', as in the URL, or be left out`, { target: 'name' })
      }
      const { scenarioMistakes } = await checkScenarios()
      refuse(scenarioMistakes(scenario))
      return { status: scenarios.put(scenario as Scenario, { position }) ? 201 : 200, body: scenario }
    },
    Scenarios_Delete: ({ params: { name }, query: { subscriptionId } }) => {
      if (!scenarios.delete(name, subscriptionId)) throw notFound(scenarios.unknown(name, subscriptionId))
      return {}
    },
    NamedScenarios_List: () => ({ body: { value: scenarios.named() } })
  }

  async function waited ({ query: { name, subscriptionId, wait }, raw }: AdminRequest<'Scenarios_List'>): Promise<AdminResponse> {
    if (name === undefined) throw new AdminError(400, "'wait' needs 'name', the scenario to wait for", { target: 'wait' })
    const options = { timeout: wait! * 1000, subscriptionId }
    try {
      const state = await untilGone(raw, signal => scenarios.waitFor(name, { ...options, signal }))
      return { body: { value: [state] } }
    } catch (error) {
      if (error instanceof UnknownScenario) throw notFound(error)
      if (!(error instanceof ScenarioNotDone)) throw error
      throw new AdminError(error.isEndless ? 400 : 408, error.message, { target: error.isEndless ? 'wait' : 'name' })
    }
  }
}

function notFound ({ message, hint }: UnknownScenario): AdminError {
  const text = hint === '' ? `${message}: GET /_emulator/scenarios lists those that are active` : message
  return new AdminError(404, text, { target: 'name' })
}
