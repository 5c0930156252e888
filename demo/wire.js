/** Shows what goes over the wire and what comes of it, for people to read: long ids and values are shortened. */
import { STATUS_CODES } from 'node:http'
import { styleText } from 'node:util'

const WIDTH = 118
const coloured = process.stdout.isTTY && process.stdout.hasColors()

/** A pipeline policy of the Azure clients: it sees each request as it leaves and each response as it comes. */
export const wirePolicy = {
  name: 'wire',
  async sendRequest (request, next) {
    print('cyan', cut(`  > ${request.method} ${broken(short(request.url.replace(/^https:\/\/[^/]+/, '')))}`))
    printMembers(request.body)
    const start = performance.now()
    const response = await next(request)
    print('cyan', aligned(`  < ${response.status} ${STATUS_CODES[response.status]}`, performance.now() - start))
    for (const name of ['Location', 'Azure-AsyncOperation']) printMember(name, response.headers.get(name))
    printMembers(response.bodyAsText)
    return response
  }
}

export function legend () {
  console.log('  > a request   < its response   = what the client returned or threw; … stands for what was cut')
}

export function heading (title) {
  print('bold', `\n${title}\n`)
}

export function showResult ({ value }, ms) {
  show('result', value.map(({ message }) => message).join('\n'), ms)
}

export function showError ({ name, statusCode, code, message }, ms) {
  show('error', `${name} ${statusCode} ${code}\n${message}`, ms)
}

function show (kind, text, ms) {
  print('green', aligned(`  = ${kind}`, ms))
  for (const line of text.trimEnd().split('\n')) console.log(`    | ${line}`.trimEnd())
}

function printMembers (body) {
  for (const [name, value] of Object.entries(JSON.parse(body || '{}'))) printMember(name, JSON.stringify(value))
}

function printMember (name, text) {
  if (text === undefined) return
  print('dim', cut(`    ${name.padEnd(22)}${short(text)}`))
}

/** Each line, as far as the screen shows it. */
function cut (text) {
  return text.split('\n').map(line => line.length > WIDTH ? `${line.slice(0, WIDTH - 1)}…` : line).join('\n')
}

/** The path up to the operation is that of every one; of an id the first digits tell it from others. */
function short (text) {
  return text
    .replace(/\/subscriptions\/\S+?\/(?=operations\/)/, '/…/')
    .replaceAll(/([\da-f]{8})(?:-[\da-f]{4}){3}-[\da-f]{12}/g, '$1…')
}

/** A path in two lines, the second under the first. */
function broken (path) {
  return path.replace('/providers/', `\n${' '.repeat('  > POST '.length)}/providers/`)
}

function aligned (text, ms) {
  return `${text.padEnd(26)}${ms.toFixed(0).padStart(4)} ms`
}

function print (style, text) {
  console.log(coloured ? styleText(style, text) : text)
}
