import { rowsScript } from './rows-script.js'
import { streamScript } from './stream-script.js'

/** The script of the home page, after that of every page: the journal, live. */
export const homeScript = `${streamScript}${rowsScript}
const MAX_ROWS = 100
const MAX_OPERATIONS = 1000
const RETRY_AFTER = 1000

/** Calls a function once, so many milliseconds after the first time that it is asked for. */
function soon (ms, act) {
  let timer
  return () => { timer ??= setTimeout(() => { timer = undefined; act() }, ms) }
}

/** A list of rows, the newest first. The oldest ones go. */
class Feed {
  rows = []
  left = 0

  constructor (list, onGone) {
    this.list = list
    this.onGone = onGone
  }

  add (row) {
    this.rows.push(row)
    this.list.prepend(row.item)
    if (this.rows.length <= MAX_ROWS) return
    const gone = this.rows.shift()
    gone.item.remove()
    this.left++
    this.onGone(gone)
  }
}

async function follow (live) {
  const find = name => live.querySelector('.' + name)
  const [state, pause, view, search, summary] = ['state', 'pause', 'view', 'search', 'summary'].map(find)
  /** Run commands by the operations that they started; operations as they last were. */
  const started = new Map()
  const operations = new Map()
  const runs = new Feed(find('runs'), ({ entry }) => started.delete(entry.operationId))
  const others = new Feed(find('others').querySelector('ol'), () => {})
  let stream = new AbortController()
  let isPaused = false
  let resume = () => {}
  lastEventId = Number(live.dataset.after)

  const filter = () => {
    const sought = search.value.trim().toLowerCase()
    for (const feed of [runs, others]) {
      for (const row of feed.rows) row.item.hidden = sought !== '' && !row.text.includes(sought)
      feed.list.dataset.view = view.value
    }
    const withFindings = others.rows.filter(({ findings }) => findings.length > 0).length
    const count = isShown => [...runs.rows, ...others.rows].filter(isShown).length
    const busy = runs.rows.filter(({ operation }) => operation?.status === 'InProgress').length
    const facts = [counted(runs.rows.length, 'run command') + (busy > 0 ? ', ' + busy + ' in progress' : ''),
      count(({ findings }) => findings.length > 0) + ' with findings', count(({ scenarios }) => scenarios.size > 0) + ' with a scenario']
    summary.textContent = facts.join(' · ') + (runs.left > 0 ? ' · ' + runs.left + ' older ones not shown' : '')
    find('others').hidden = others.rows.length === 0
    find('others').querySelector('summary').textContent = counted(others.rows.length, 'other request') +
      (withFindings > 0 ? ', ' + withFindings + ' with findings' : '')
    find('empty').hidden = runs.rows.length > 0
  }
  const filterSoon = soon(100, filter)

  const loadScenarios = async () => {
    const { value } = await (await api('/scenarios')).json()
    find('scenarios').replaceChildren(...value.map(scenarioItem))
    find('no-scenarios').hidden = value.length > 0
  }
  const loadScenariosSoon = soon(250, () => loadScenarios().catch(() => {}))

  /** What a script wrote comes with no event. */
  let loading = Promise.resolve()
  const load = row => {
    loading = loading.then(async () => {
      const entry = await (await api('/requests/' + row.entry.sequence)).json()
      row.set({ entry })
      filterSoon()
    }).catch(() => {})
  }

  const handlers = {
    request (entry) {
      const run = entry.operation === 'Operations_Get' ? started.get(entry.operationId) : undefined
      if (run !== undefined) return run.poll(entry)
      const row = new Row(entry)
      if (!row.isRun) return others.add(row)
      runs.add(row)
      if (entry.operationId === undefined) return
      started.set(entry.operationId, row)
      row.set({ operation: operations.get(entry.operationId) })
    },
    operation (operation) {
      operations.delete(operation.id)
      operations.set(operation.id, operation)
      if (operations.size > MAX_OPERATIONS) operations.delete(operations.keys().next().value)
      const row = started.get(operation.id)
      row?.set({ operation })
      if (row !== undefined && operation.endTime !== undefined && row.entry.command.exitCode === undefined) load(row)
    }
  }
  const onEvent = (name, data) => {
    handlers[name]?.(data)
    if (name !== undefined) filterSoon()
    loadScenariosSoon()
  }

  const setState = (name, text) => {
    if (live.dataset.state === name) return
    live.dataset.state = name
    state.textContent = text
  }
  const onOpen = () => {
    setState('live', 'Live')
    live.classList.remove('needs-script')
    document.getElementById('kept').hidden = true
    find('needs-token').hidden = true
    loadScenariosSoon()
    filter()
  }

  pause.addEventListener('click', () => {
    isPaused = !isPaused
    pause.setAttribute('aria-pressed', isPaused)
    pause.textContent = isPaused ? 'Continue' : 'Pause'
    if (isPaused) stream.abort()
    else resume()
  })
  view.addEventListener('change', () => {
    find('others').open = view.value !== 'all'
    filter()
  })
  search.addEventListener('input', filterSoon)
  find('needs-token').addEventListener('submit', event => {
    event.preventDefault()
    adminToken = new FormData(event.target).get('token').trim()
    resume()
  })

  for (;;) {
    if (isPaused) {
      setState('paused', 'Paused')
      await new Promise(resolve => { resume = resolve })
    }
    stream = new AbortController()
    try {
      if (live.dataset.state !== undefined && await hasRestarted()) restart()
      await readEvents(stream.signal, { onOpen, onEvent })
    } catch (error) {
      if (error instanceof Unauthorized) {
        await needToken()
        continue
      }
    }
    if (isPaused) continue
    setState('gone', 'Reconnecting…')
    await new Promise(resolve => setTimeout(resolve, RETRY_AFTER))
  }

  /** What is shown stays, apart from what another azrun has to say. */
  function restart () {
    started.clear()
    operations.clear()
    for (const feed of [runs, others]) {
      if (feed.rows.length > 0) feed.list.prepend(element('li', 'azrun was started again. What is below came before.', { className: 'restart' }))
    }
  }

  async function needToken () {
    setState('locked', 'Needs the admin token')
    live.classList.remove('needs-script')
    find('needs-token').hidden = false
    await new Promise(resolve => { resume = resolve })
  }
}

function scenarioItem ({ name, match = {}, calls, matched, done, do: effects }) {
  const item = element('li')
  const conditions = Object.entries(match).map(([key, value]) => key + ' ' + (typeof value === 'string' ? value : JSON.stringify(value)))
  const kinds = effects.map(effect => Object.keys(effect)[0]).join(', ')
  const what = kinds + (conditions.length > 0 ? ' where ' + conditions.join(', ') : '') + (calls ? '; calls ' + calls : '')
  item.append(element('strong', name), tag('matched ' + matched, matched > 0 ? 'scenario' : 'soft'),
    ...done ? [tag('done', 'good')] : [], element('span', what, { className: 'soft' }))
  return item
}

const live = document.getElementById('live')
if (live !== null) follow(live)
`
