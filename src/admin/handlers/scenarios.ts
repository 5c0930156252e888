import { AdminError } from '../errors.js'
import type { Handlers, Services } from '../handler-types.js'

type ScenarioHandlers = Pick<Handlers,
  'Scenarios_List' | 'Scenarios_Replace' | 'Scenarios_Clear' | 'Scenarios_CreateOrUpdate' | 'Scenarios_Delete'>

export function scenarioHandlers ({ scenarios }: Pick<Services, 'scenarios'>): ScenarioHandlers {
  return {
    Scenarios_List: () => ({ body: { value: scenarios.list() } }),
    Scenarios_Replace: ({ body }) => {
      scenarios.replaceAll(body.value)
      return { body }
    },
    Scenarios_Clear: () => {
      scenarios.replaceAll([])
      return {}
    },
    Scenarios_CreateOrUpdate: ({ params: { name }, query: { position }, body }) => {
      if (body.name !== name) throw new AdminError(400, `'name' must be '${name}', as in the URL`, { target: 'name' })
      return { status: scenarios.put(body, position) ? 201 : 200, body }
    },
    Scenarios_Delete: ({ params: { name } }) => {
      if (!scenarios.delete(name)) throw new AdminError(404, `there is no scenario '${name}'`, { target: 'name' })
      return {}
    }
  }
}
