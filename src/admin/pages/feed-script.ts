/** The part of the home page's script that lists requests, and keeps them up to date with their operations. */
export const feedScript = `
const MAX_ROWS = 100
const MAX_OPERATIONS = 1000

/** A list of rows, the newest first. It drops the oldest. */
class Feed {
  rows = []
  left = 0

  constructor (list, onGone = () => {}) {
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

  divide (text) {
    if (this.rows.length > 0) this.list.prepend(element('li', text, { className: 'restart' }))
  }
}

/** Two lists: requests that start operations, such as run commands, and others. */
class Requests {
  /** Rows by the operations that they started. */
  started = new Map()
  /** The last states of operations: one may end before its request is an entry. */
  operations = new Map()
  loading = Promise.resolve()

  constructor (section, onLoaded) {
    this.section = section
    this.onLoaded = onLoaded
    this.runs = new Feed(section.querySelector('.runs'), ({ entry }) => this.started.delete(entry.operationId))
    this.others = new Feed(section.querySelector('.others ol'))
  }

  get rows () { return [...this.runs.rows, ...this.others.rows] }

  request (entry) {
    const run = entry.polls === undefined ? this.started.get(entry.operationId) : undefined
    if (run !== undefined) return run.poll(entry)
    const row = new Row(entry)
    if (!row.isRun) return this.others.add(row)
    this.runs.add(row)
    if (entry.operationId === undefined) return
    this.started.set(entry.operationId, row)
    row.set({ operation: this.operations.get(entry.operationId) })
  }

  operation (operation) {
    this.operations.delete(operation.id)
    this.operations.set(operation.id, operation)
    if (this.operations.size > MAX_OPERATIONS) this.operations.delete(this.operations.keys().next().value)
    const row = this.started.get(operation.id)
    row?.set({ operation })
    const { command } = row?.entry ?? {}
    if (command !== undefined && operation.endTime !== undefined && command.exitCode === undefined) this.load(row)
  }

  /** Loads an entry again: no event has the output of a script. */
  load (row) {
    this.loading = this.loading.then(async () => {
      const entry = await (await api('/requests/' + row.entry.sequence)).json()
      row.set({ entry })
      this.onLoaded()
    }).catch(() => {})
  }

  /** Keeps the rows, and divides them from those of the new azrun. */
  restart () {
    this.started.clear()
    this.operations.clear()
    for (const feed of [this.runs, this.others]) feed.divide('azrun restarted. The requests below are from before.')
  }

  /** Keeps the rows, although the journal no longer has their entries. */
  reset ({ subscriptionId, resourceGroup, vmName }) {
    const place = [subscriptionId, resourceGroup, vmName].filter(name => name !== undefined).join('/')
    const which = place === '' ? 'the requests below' : 'the requests below that belong to ' + place
    for (const feed of [this.runs, this.others]) feed.divide('A reset dropped ' + which + '.')
  }

  /** Hides the rows outside the view, which the style does, and those without the text. */
  filter (view, sought) {
    for (const { list } of [this.runs, this.others]) list.dataset.view = view
    for (const row of this.rows) row.item.hidden = sought !== '' && !row.text.includes(sought)
  }

  summarize () {
    const { runs, others, section } = this
    const commands = runs.rows.filter(({ entry }) => entry.command !== undefined)
    const changes = runs.rows.length - commands.length
    const facts = (rows, ...counts) => {
      const count = (isSo, text) => rows.some(isSo) ? [rows.filter(isSo).length + ' ' + text] : []
      return [...counts, ...count(({ operation }) => operation?.status === 'InProgress', 'in progress'),
        ...count(({ findingCount }) => findingCount > 0, 'with findings'), ...count(({ scenarios }) => scenarios.size > 0, 'with a scenario')]
    }
    const older = runs.left > 0 ? [counted(runs.left, 'older one') + ' not shown'] : []
    section.querySelector('.summary').textContent =
      [...facts(runs.rows, counted(commands.length, 'run command'), ...changes > 0 ? [counted(changes, 'other operation')] : []),
        ...older].join(' · ')
    section.querySelector('.others').hidden = others.rows.length === 0
    section.querySelector('.others summary').textContent = facts(others.rows, counted(others.rows.length, 'other request')).join(' · ')
  }
}
`
