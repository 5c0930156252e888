/**
 * The script of the documentation pages, which follows that of every page: Try it. It builds no markup, so that what a
 * response contains stays text.
 */
export const docsScript = `
/** The request that a form describes: path and query, and what fetch needs. */
function requestOf (form) {
  const { method, path, type } = form.dataset
  const query = new URLSearchParams()
  const headers = { 'x-azrun-page': token }
  let url = path
  for (const { name, value, dataset } of form.querySelectorAll('[data-in]')) {
    if (dataset.in === 'path') url = url.replace('{' + name + '}', () => encodeURIComponent(value))
    else if (value === '') continue
    else if (dataset.in === 'query') query.append(name, value)
    else headers[name] = value
  }
  const text = form.querySelector('textarea')?.value
  if (text !== undefined) headers['content-type'] = type
  return { url: query.size > 0 ? url + '?' + query : url, options: { method, headers, body: bodyOf(type, text) } }
}

/** A form is edited as lines of name=value. */
function bodyOf (type, text) {
  if (text === undefined || !type.includes('urlencoded')) return text
  return new URLSearchParams(text.split('\\n').filter(line => line.includes('=')).map(line => {
    const at = line.indexOf('=')
    return [line.slice(0, at).trim(), line.slice(at + 1).trim()]
  })).toString()
}

/** Sends the request. Like a client, polls the Location of a 202 until it has the result. */
async function send (form, signal, show) {
  const { url, options } = requestOf(form)
  let response = await fetch(url, { ...options, signal, cache: 'no-store' })
  await show(options.method, url, response)
  const { 'x-azrun-page': own, Authorization } = options.headers
  const headers = { 'x-azrun-page': own, ...Authorization !== undefined && { Authorization } }
  while (response.status === 202 && response.headers.has('location')) {
    const wait = Number(response.headers.get('retry-after') ?? 1)
    await new Promise(resolve => setTimeout(resolve, wait * 1000))
    const { pathname, search } = new URL(response.headers.get('location'), location.href)
    response = await fetch(pathname + search, { headers, signal, cache: 'no-store' })
    await show('GET', pathname + search, response)
  }
}

/** Shortens URLs: the signature in an operation's URL has a thousand characters. */
const brief = text => text.length > 180 ? text.slice(0, 180) + '…' : text

const SHOWN = ['location', 'azure-asyncoperation', 'retry-after', 'content-type', 'www-authenticate']

/** What the page shows of a response. Shows the output of a script a second time, as plain text. */
async function responseView (method, url, response) {
  const text = await response.text()
  const view = element('div', '', { className: 'answer' })
  view.append(element('h4', method + ' ' + brief(url)),
    element('strong', response.status + ' ' + response.statusText, { className: response.ok ? 'good' : 'bad' }))
  const headers = SHOWN.filter(name => response.headers.has(name)).map(name => name + ': ' + brief(response.headers.get(name)))
  if (headers.length > 0) view.append(element('pre', headers.join('\\n'), { className: 'headers' }))
  let body
  try { body = JSON.parse(text) } catch {}
  if (text !== '') view.append(element('pre', body === undefined ? text : JSON.stringify(body, null, 2), { className: 'body' }))
  const messages = Array.isArray(body?.value) ? body.value.map(each => each?.message).filter(Boolean) : []
  if (messages.length > 0) view.append(element('h4', 'Message'), element('pre', messages.join('\\n'), { className: 'message' }))
  return view
}

for (const form of document.querySelectorAll('form.try')) {
  const output = form.querySelector('output')
  const choice = form.querySelector('select.example')
  let sending
  form.classList.remove('needs-script')
  choice?.addEventListener('change', () => { form.querySelector('textarea').value = choice.value })
  form.addEventListener('submit', async event => {
    event.preventDefault()
    sending?.abort()
    const { signal } = sending = new AbortController()
    delete output.dataset.done
    output.replaceChildren(element('p', 'Sending…', { className: 'soft' }))
    const first = []
    const show = async (method, url, response) => {
      const view = await responseView(method, url, response)
      // Only the last of many polls stays.
      if (first.length === 0) first.push(view)
      if (!signal.aborted) output.replaceChildren(...new Set([...first, view]))
    }
    try {
      await send(form, signal, show)
      if (!signal.aborted) output.dataset.done = 'true'
    } catch (error) {
      if (!signal.aborted) output.append(element('p', 'No response: ' + error.message, { className: 'bad' }))
    }
  })
}
`
