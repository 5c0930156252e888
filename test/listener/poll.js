// Polls an operation until it has ended, on COUNT connections at the same time, and prints the number of each end:
// node poll.js URL COUNT
import { Agent, get } from 'node:http'

const [url, count] = process.argv.slice(2)
const agent = new Agent({ keepAlive: true })

const poll = () => new Promise((resolve, reject) => {
  get(url, { agent, headers: { authorization: 'Bearer any' } }, async response => {
    const text = (await response.setEncoding('utf8').toArray()).join('')
    resolve(`${response.statusCode} ${JSON.parse(text).status}`)
  }).on('error', reject)
})

async function end () {
  for (;;) {
    const result = await poll().catch(error => error.code)
    if (result !== '200 InProgress') return result
  }
}

const ends = {}
for (const each of await Promise.all(Array.from({ length: Number(count) }, end))) ends[each] = (ends[each] ?? 0) + 1
console.log(JSON.stringify(ends))
process.exit()
