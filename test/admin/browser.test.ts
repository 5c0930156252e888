import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Locator, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import type { Executor } from '../../src/index.js'
import { launch, open, skipBrowser } from '../harness/browser.js'
import { runCommand, runCommandUrl, start, SUBSCRIPTION } from '../harness/emulator.js'
import { serve } from '../harness/loopback-server.js'
import { matchList } from '../harness/match-list.js'

const DOCS = '/_emulator/docs'
const RUN = '#VirtualMachines_RunCommand'

t.test("azrun's pages in Chromium", { skip: skipBrowser }, async t => {
  const browser = await launch(t)

  t.test('the home page shows the version and the last run, over TLS and plain HTTP', async t => {
    const emulator = await start(t, { executor: 'shell' })
    await runCommand(emulator, { commandId: 'RunShellScript', script: ['exit 3'] }, { headers: { prefer: 'wait=10' } })
    const context = await browser.newContext({ ignoreHTTPSErrors: true })
    for (const url of [emulator.url, emulator.httpUrl]) {
      const { page, complaints } = await open(context, url)
      t.match(await page.innerText('h1'), /^azrun \d/)
      t.match(await page.innerText('#live .runs > li'), /RunShellScript\s+Succeeded\s+exit code 3\s+exit 3/)
      t.strictSame(complaints, [], url)
    }
  })

  t.test("the home page's curl command runs unchanged in a shell", async t => {
    const { httpUrl } = await start(t, { executor: 'shell' })
    const context = await browser.newContext()
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    const { page } = await open(context, httpUrl)
    await page.click('button:text("Copy")')
    await page.waitForSelector('button:text("Copied")')
    const command = await page.evaluate<string>('navigator.clipboard.readText()')
    const { stdout } = await promisify(execFile)('sh', ['-c', command])
    t.match(JSON.parse(stdout).value[0].message, /\[stdout\]\nhello from /)
    await page.reload()
    t.match(await page.innerText('#live .runs > li'), 'echo "hello from')
  })

  t.test('the home page shows markup in a script as text', async t => {
    const emulator = await start(t)
    const script = ['<img src=x onerror="document.title=1"></code><script>document.title = 2</script>']
    await runCommand(emulator, { commandId: 'RunShellScript', script })
    const { page, complaints } = await open(await browser.newContext(), emulator.httpUrl)
    t.equal(await page.title(), 'azrun')
    t.match(await page.innerText('#live .runs > li'), script[0]!)
    t.match(await page.textContent('table.runs'), script[0]!.slice(0, 60))
    t.strictSame(complaints, [])
  })

  t.test('every page fits a phone in dark mode and a screen in light mode', async t => {
    const machine = { subscriptionId: SUBSCRIPTION, resourceGroup: 'g'.repeat(90), name: 'm'.repeat(64) }
    const emulator = await start(t, { virtualMachines: [machine] })
    await runCommand(emulator, { commandId: 'RunShellScript', script: ['s'.repeat(500)] }, { ...machine, vmName: machine.name })
    for (const [width, colorScheme] of [[320, 'dark'], [1280, 'light']] as const) {
      const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme })
      for (const path of ['/', DOCS, `${DOCS}/entra`]) {
        const { page } = await open(context, `${emulator.httpUrl}${path}`)
        t.ok(await page.evaluate<number>('document.documentElement.scrollWidth') <= width, `${path} at ${width}`)
        const color = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor')
        t.equal(color === 'rgb(255, 255, 255)', colorScheme === 'light', colorScheme)
      }
    }
  })

  t.test('the home page and the documentation are readable without JavaScript', async t => {
    const { httpUrl } = await start(t)
    const { page } = await open(await browser.newContext({ javaScriptEnabled: false }), httpUrl)
    t.match(await page.innerText('pre'), /^curl /)
    await page.click('text=run one in the browser')
    await page.waitForURL(`**${DOCS}${RUN}`)
    t.match(await page.innerText(RUN), 'Runs a script on the machine.')
    await page.click(`${RUN} summary:text("Try it")`)
    t.match(await page.innerText(`${RUN} details.try`), 'This needs JavaScript.')
    t.notOk(await page.isVisible(`${RUN} button`))
  })

  t.test('Try it runs the example or an edited request, polls the operation and shows the output of the script', async t => {
    const { httpUrl } = await start(t, { executor: 'shell', delay: 50 })
    const { page, complaints } = await open(await browser.newContext(), `${httpUrl}${DOCS}`)
    const output = await tryIt(page, RUN)
    matchList(t, await output.locator('strong').allInnerTexts(), ['202 Accepted', '200 OK'])
    t.match(await output.locator('pre.message').innerText(), '[stdout]\nhello world\n')
    await page.fill(`${RUN} textarea`, JSON.stringify({ commandId: 'RunShellScript', script: ['echo "<b>$((6 * 7))</b>"'] }))
    await page.fill(`${RUN} input[name=Prefer]`, 'wait=10')
    const again = await tryIt(page, RUN)
    matchList(t, await again.locator('strong').allInnerTexts(), ['200 OK'])
    t.match(await again.locator('pre.message').innerText(), '<b>42</b>')
    t.strictSame(complaints, [])
  })

  t.test('Try it has a successful example for every operation that needs no result of another', async t => {
    const { httpUrl } = await start(t)
    const context = await browser.newContext()
    const failed: string[] = []
    for (const path of [DOCS, `${DOCS}/entra`]) {
      const { page } = await open(context, `${httpUrl}${path}`)
      await page.evaluate(sendAll)
      await page.waitForSelector('body:not(:has(output:not([data-done])))')
      for (const section of await page.locator('section.operation').all()) {
        const status = await section.locator('output strong').last().textContent()
        if (!/^20[014] /.test(`${status}`)) failed.push(`${await section.getAttribute('id')}: ${status}`)
      }
    }
    t.strictSame(failed.sort(), [
      'Authorizations_BeginV1: 400 Bad Request',
      'Authorizations_BeginV2: 400 Bad Request',
      // Its name is in the list of the instance's interfaces.
      'NetworkInterfaces_GetVirtualMachineScaleSetNetworkInterface: 404 Not Found',
      'OperationResults_Get: 404 Not Found',
      'Operations_Get: 404 Not Found',
      'VirtualMachineRunCommands_GetByVirtualMachine: 404 Not Found',
      'VirtualMachineRunCommands_Update: 404 Not Found',
      'VirtualMachineScaleSetVMRunCommands_Get: 404 Not Found',
      'VirtualMachineScaleSetVMRunCommands_Update: 404 Not Found'
    ])
  })

  t.test("Try it fills in a declared machine's name", async t => {
    const { httpUrl } = await start(t, { strict: true, virtualMachines: [{ subscriptionId: SUBSCRIPTION, resourceGroup: 'a', name: 'b' }] })
    const { page } = await open(await browser.newContext(), `${httpUrl}${DOCS}`)
    for (const operation of ['VirtualMachines_Get', 'NetworkInterfaces_Get', 'PublicIPAddresses_Get']) {
      const output = await tryIt(page, `#${operation}`)
      t.equal(await output.locator('strong').last().textContent(), '200 OK', operation)
    }
  })

  t.test("a page of another origin cannot run a command, read azrun's pages or frame them", async t => {
    let runs = 0
    const executor: Executor = { execute: () => { runs++; return { exitCode: 0, stdout: '', stderr: '' } } }
    const { httpUrl } = await start(t, { executor })
    const context = await browser.newContext()
    const { page } = await open(context, await foreignSite(t))
    const attempts = await page.evaluate<Record<string, string>>(`(${attack})('${httpUrl}', '${runCommandUrl()}')`)
    t.strictSame([...new Set(Object.values(attempts))], ['failed'], JSON.stringify(attempts))
    t.equal(runs, 0)
    for (const frame of page.frames().slice(1)) t.notMatch(await frame.content(), 'azrun-page')
    // The same request works from azrun's own page, so only the origin stops the others.
    const own = await open(context, `${httpUrl}${DOCS}`)
    await tryIt(own.page, RUN)
    t.equal(runs, 1)
  })
})

/** Submits all forms at once, each with its own resource group, because some would stop or delete what others need. */
const sendAll = `document.querySelectorAll('form.try').forEach((form, index) => {
  for (const input of form.querySelectorAll('[name=resourceGroupName]')) input.value += index
  form.requestSubmit()
})`

/** Submits the form of an operation. Resolves with the element that shows the responses after the last one. */
async function tryIt (page: Page, section: string): Promise<Locator> {
  const form = page.locator(`${section} details.try`)
  if (await form.getAttribute('open') === null) await form.locator('summary').click()
  await form.locator('button').click()
  const output = form.locator('output')
  await output.and(page.locator('[data-done=true]')).waitFor()
  return output
}

/** The address of a page of another origin. */
async function foreignSite (t: Test): Promise<string> {
  const authority = await serve(t, (_request, response) => response.setHeader('content-type', 'text/html').end('<title>Elsewhere</title>'))
  return `http://${authority}/`
}

/** The attempts of a hostile page, with the result of each: `failed`, or what it managed to do. */
const attack = `async (azrun, action) => {
  const body = '{"commandId":"RunShellScript","script":["echo hi"]}'
  const json = { authorization: 'Bearer any', 'content-type': 'application/json' }
  const read = async (url, options) => {
    try {
      const response = await fetch(azrun + url, options)
      return response.type === 'opaque' && await response.text() === '' ? 'failed' : 'read ' + url
    } catch { return 'failed' }
  }
  const frame = url => new Promise(resolve => {
    const iframe = document.createElement('iframe')
    iframe.src = azrun + url
    iframe.onload = () => {
      try { resolve(iframe.contentDocument === null ? 'failed' : 'framed') } catch { resolve('failed') }
    }
    document.body.append(iframe)
  })
  const script = url => new Promise(resolve => {
    const element = document.createElement('script')
    element.onload = () => resolve('loaded')
    element.onerror = () => resolve('failed')
    element.src = azrun + url
    document.head.append(element)
  })
  return {
    run: await read(action, { method: 'POST', headers: json, body }),
    runWithGuessedToken: await read(action, { method: 'POST', headers: { ...json, 'x-azrun-page': 'a'.repeat(43) }, body }),
    runWithoutCors: await read(action, { method: 'POST', mode: 'no-cors', body }),
    readHome: await read('/_emulator/'),
    readDocs: await read('/_emulator/docs'),
    readDocsWithoutCors: await read('/_emulator/docs', { mode: 'no-cors' }),
    frameHome: await frame('/'),
    frameDocs: await frame('/_emulator/docs'),
    script: await script('/_emulator/docs')
  }
}`
