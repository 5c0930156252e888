/**
 * The part of the home page's script that talks to azrun's API. Events come by fetch rather than EventSource, which
 * cannot send the headers by which azrun knows its own pages.
 */
export const streamScript = `
/** The id of the last event; what came after it is sent when the stream opens again. */
let lastEventId = 0
/** Of --admin-token; only where azrun asks for it. */
let adminToken = ''

class Unauthorized extends Error {}

async function api (path, { signal, headers } = {}) {
  const own = { 'x-azrun-page': token, ...adminToken && { authorization: 'Bearer ' + adminToken } }
  const response = await fetch('/_emulator' + path, { headers: { ...own, ...headers }, signal, cache: 'no-store' })
  if (response.status === 401) throw new Unauthorized()
  if (!response.ok) throw new Error(path + ': ' + response.status)
  return response
}

/** Of an event; a comment's name is empty. */
function fieldsOf (block) {
  return Object.fromEntries(block.split('\\n').map(line => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]))
}

/** Calls the reader's onOpen, then its onEvent with each event's name and data, and with undefined for a sign of life. */
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

/** Whether another azrun now has the address. Its page has another token; the events of this one are counted anew. */
async function hasRestarted () {
  const markup = await (await fetch('/_emulator/', { cache: 'no-store' })).text()
  const now = /name="azrun-page" content="([\\w-]+)"/.exec(markup)?.[1]
  if (now === undefined || now === token) return false
  token = now
  lastEventId = Number(/data-after="(\\d+)"/.exec(markup)?.[1] ?? 0)
  return true
}
`
