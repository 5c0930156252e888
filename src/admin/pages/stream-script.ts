/**
 * The part of the home page's script that calls azrun's API. It reads events with fetch, because EventSource cannot
 * send the headers by which azrun recognizes its own pages.
 */
export const streamScript = `
/** The id of the last event. When the stream opens again, azrun sends the later ones. */
let lastEventId = 0
/** The value of --admin-token, if azrun has asked for it. */
let adminToken = ''

class Unauthorized extends Error {}

async function api (path, { signal, headers } = {}) {
  const own = { 'x-azrun-page': token, ...adminToken && { authorization: 'Bearer ' + adminToken } }
  const response = await fetch('/_emulator' + path, { headers: { ...own, ...headers }, signal, cache: 'no-store' })
  if (response.status === 401) throw new Unauthorized()
  if (!response.ok) throw new Error(path + ': ' + response.status)
  return response
}

/** The fields of an event. The name of a comment is empty. */
function fieldsOf (block) {
  return Object.fromEntries(block.split('\\n').map(line => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]))
}

/** Calls the reader's onOpen, then its onEvent with the name and data of each event. A heartbeat has neither. */
async function readEvents (signal, reader) {
  const { body } = await api('/events', { signal, headers: { 'last-event-id': String(lastEventId) } })
  reader.onOpen()
  const chunks = body.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  for (;;) {
    const { value, done } = await chunks.read()
    if (done) return
    const blocks = (text + value).split('\\n\\n')
    text = blocks.pop()
    for (const block of blocks) {
      const { id, event, data } = fieldsOf(block)
      if (id !== undefined) lastEventId = Number(id)
      reader.onEvent(event, data && JSON.parse(data))
    }
  }
}

/** Whether another azrun now has the address. Its page has another token, and its events have their own ids. */
async function hasRestarted () {
  const markup = await (await fetch('/_emulator/', { cache: 'no-store' })).text()
  const now = /name="azrun-page" content="([\\w-]+)"/.exec(markup)?.[1]
  if (now === undefined || now === token) return false
  token = now
  lastEventId = Number(/data-after="(\\d+)"/.exec(markup)?.[1] ?? 0)
  return true
}
`
