import { detailScript } from './detail-script.js'
import { feedScript } from './feed-script.js'
import { rowsScript } from './rows-script.js'
import { streamScript } from './stream-script.js'

/** The script of the home page, which follows that of every page: the live journal. */
export const homeScript = `${streamScript}${rowsScript}${detailScript}${feedScript}
const RETRY_AFTER = 1000

/** Returns a function that calls act once, ms milliseconds after its first call. */
function soon (ms, act) {
  let timer
  return () => { timer ??= setTimeout(() => { timer = undefined; act() }, ms) }
}

function scenarioItem ({ name, match = {}, calls, matched, done, do: effects }) {
  const item = element('li')
  const conditions = Object.entries(match)
    .map(([key, value]) => key + ' ' + (typeof value === 'string' ? value : JSON.stringify(value)))
  const what = effects.map(effect => Object.keys(effect)[0]).join(', ') +
    (conditions.length > 0 ? ' where ' + conditions.join(', ') : '') + (calls ? '; calls ' + calls : '')
  item.append(element('strong', name), tag('matched ' + matched, matched > 0 ? 'scenario' : 'soft'),
    ...done ? [tag('done', 'good')] : [], element('span', what, { className: 'soft' }))
  return item
}

/** The section of the page, its controls and its connection. */
class Live {
  stream = new AbortController()
  isPaused = false
  /** Ends the wait for the user. */
  resume = () => {}

  constructor (section) {
    this.section = section
    this.requests = new Requests(section, () => this.showSoon())
    this.find('.pause').addEventListener('click', () => this.pause())
    this.find('.search').addEventListener('input', this.showSoon)
    this.find('.view').addEventListener('change', ({ target }) => {
      this.find('.others').open = target.value !== 'all'
      this.show()
    })
    this.find('.needs-token').addEventListener('submit', event => {
      event.preventDefault()
      adminToken = new FormData(event.target).get('token').trim()
      this.resume()
    })
  }

  showSoon = soon(100, () => this.show())
  loadScenariosSoon = soon(250, () => this.loadScenarios().catch(() => {}))

  find (selector) { return this.section.querySelector(selector) }

  show () {
    this.requests.filter(this.find('.view').value, this.find('.search').value.trim().toLowerCase())
    this.requests.summarize()
  }

  async loadScenarios () {
    const { value } = await (await api('/scenarios')).json()
    this.find('.scenarios').replaceChildren(...value.map(scenarioItem))
    this.find('.no-scenarios').hidden = value.length > 0
  }

  pause () {
    this.isPaused = !this.isPaused
    this.find('.pause').textContent = this.isPaused ? 'Continue' : 'Pause'
    if (this.isPaused) this.stream.abort()
    else this.resume()
  }

  setState (name, text) {
    if (this.section.dataset.state === name) return
    this.section.dataset.state = name
    this.find('.state').textContent = text
  }

  onOpen () {
    this.setState('live', 'Live')
    this.section.classList.remove('needs-script')
    this.find('.needs-token').hidden = true
    document.getElementById('kept').hidden = true
    this.loadScenariosSoon()
    this.show()
  }

  /** The name of a heartbeat is undefined. */
  onEvent (name, data) {
    if (name === 'request') this.requests.request(data)
    if (name === 'operation') this.requests.operation(data)
    if (name === 'reset') this.requests.reset(data)
    if (name !== undefined) this.showSoon()
    this.loadScenariosSoon()
  }

  async untilUser (state, text) {
    this.setState(state, text)
    await new Promise(resolve => { this.resume = resolve })
  }

  /** Connects, and reconnects for ever. */
  async follow () {
    for (let isFirst = true; ; isFirst = false) {
      if (this.isPaused) await this.untilUser('paused', 'Paused')
      try {
        await this.connect(isFirst)
      } catch (error) {
        if (error instanceof Unauthorized) {
          this.section.classList.remove('needs-script')
          this.find('.needs-token').hidden = false
          await this.untilUser('locked', 'Needs the admin token')
          continue
        }
      }
      if (this.isPaused) continue
      this.setState('gone', 'Reconnecting…')
      await new Promise(resolve => setTimeout(resolve, RETRY_AFTER))
    }
  }

  /** Resolves or rejects when the connection is over. */
  async connect (isFirst) {
    this.stream = new AbortController()
    if (!isFirst && await hasRestarted()) this.requests.restart()
    await readEvents(this.stream.signal, this)
  }
}

const section = document.getElementById('live')
if (section !== null) {
  lastEventId = Number(section.dataset.after)
  new Live(section).follow()
}
`
