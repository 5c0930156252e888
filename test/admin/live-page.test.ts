import { once } from 'node:events'
import type { Browser, Locator, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import type { Emulator, EmulatorOptions, Executor, RunningEmulator, Scenario } from '../../src/index.js'
import { launch, open, skipBrowser } from '../harness/browser.js'
import { get, runCommand, start, SUBSCRIPTION } from '../harness/emulator.js'
import { poll, prepare, send, starting } from '../harness/starting.js'

const SECRET = 'a-secret-of-azrun'
const HTML = '<img src=x onerror="document.title=1"></pre><script>document.title = 2</script>'

/** Ends every script with exit code 3; the script `wait` only after the signal aborts. */
const executorUntil = (signal: AbortSignal): Executor => ({
  async execute ({ script }) {
    if (script === 'wait') await once(signal, 'abort')
    return { exitCode: 3, stdout: `output of ${script}`, stderr: `error of ${script}` }
  }
})

const executor = executorUntil(new AbortController().signal)

const run = (emulator: Emulator, script: string, headers: Record<string, string> = {}) =>
  runCommand(emulator, { commandId: 'RunShellScript', script: [script] }, { headers })

const put = async ({ app }: Emulator, scenario: Scenario) =>
  await app.inject({ method: 'PUT', url: `/_emulator/scenarios/${encodeURIComponent(scenario.name)}`, body: scenario })

/** Starts an emulator and opens its home page. Resolves when the page receives events. */
async function follow (t: Test, browser: Browser, options: EmulatorOptions = { executor }) {
  const emulator = await start(t, options)
  const context = await browser.newContext()
  t.teardown(() => context.close())
  const { page, complaints } = await open(context, emulator.httpUrl)
  await waitForState(page, 'Live')
  return { emulator, context, page, complaints }
}

const waitForState = (page: Page, text: string) => page.locator('#live .state', { hasText: text }).waitFor()

/** The rows of operations that contain this text. */
const rowOf = (page: Page, text: string | RegExp) => page.locator('#live .runs > li', { hasText: text })

/** The text below a heading of an expanded row. */
const below = (row: Locator, heading: string) => row.locator(`h4:text-is("${heading}") + pre`)

/** Waits until the element contains each text. After five seconds, fails and shows what it contains. */
async function has (t: Test, locator: Locator, ...texts: readonly string[]): Promise<void> {
  for (const text of texts) {
    await locator.filter({ hasText: text }).first().waitFor({ timeout: 5000 }).catch(async () => {
      t.match((await locator.allInnerTexts()).join('\n'), text)
    })
    t.match((await locator.allInnerTexts()).join('\n'), text)
  }
}

t.test('the live home page in Chromium', { skip: skipBrowser }, async t => {
  const browser = await launch(t)

  t.test('shows every kind of operation with its polls', async t => {
    const { emulator, page, complaints } = await follow(t, browser)
    // Run commands come first, because they need running machines.
    const isRun = ({ path }: { readonly path: string }) => Number(path.includes('/runCommand'))
    for (const each of starting.toSorted((one, other) => isRun(other) - isRun(one))) {
      await prepare(emulator, each)
      await poll(emulator, await send(emulator, each))
    }
    await has(t, rowOf(page, /^\S+ss_0 RunShellScript/), 'exit code 3', '1 poll')
    for (const text of ['vm powerOff', 'ss deallocate', 'ss_0 start', 'vm cmd', 'ss_0 cmd', 'vm DELETE cmd', 'rg DELETE']) {
      const row = rowOf(page, text)
      await has(t, row.first(), text, 'Succeeded', '1 poll')
    }
    await has(t, page.locator('#live .summary'), 'other operations')
    await rowOf(page, 'vm powerOff').locator('summary').click()
    t.strictSame(complaints, [])
  })

  t.test('shows a run command when it arrives, counts its polls, and shows its output when it ends', async t => {
    const end = new AbortController()
    const { emulator, page, complaints } = await follow(t, browser, { executor: executorUntil(end.signal), pace: 'azure' })
    t.ok(await page.isHidden('#kept'), 'the live list replaces the table of recorded runs')
    await has(t, page.locator('#live .summary'), '0 run commands')
    const { headers } = await run(emulator, 'wait')
    const row = rowOf(page, 'wait')
    await has(t, row, 'vm RunShellScript', 'In progress')
    for (let poll = 1; poll <= 2; poll++) await get(emulator, `${headers['azure-asyncoperation']}`)
    await has(t, row, '2 polls, last 200 InProgress')
    await row.locator('summary').click()
    await has(t, below(row, 'Script'), 'wait')
    t.equal(await below(row, 'Standard output').count(), 0)
    end.abort()
    await has(t, row, 'Succeeded', 'exit code 3')
    await has(t, below(row, 'Standard output'), 'output of wait')
    await has(t, below(row, 'Standard error'), 'error of wait')
    await get(emulator, `${headers['azure-asyncoperation']}`)
    await has(t, row, '3 polls, last 200 Succeeded')
    await has(t, page.locator('#live .summary'), '1 run command')
    t.strictSame(complaints, [])
  })

  t.test('shows earlier runs after a reload, the newest first', async t => {
    const { emulator, page } = await follow(t, browser)
    const { headers } = await run(emulator, 'one')
    await get(emulator, `${headers['azure-asyncoperation']}`)
    await run(emulator, 'two', { prefer: 'wait=10' })
    await has(t, rowOf(page, 'two'), 'exit code 3')
    const before = await page.innerText('#live .runs')
    t.match(before, /two[^]*one[^]*1 poll, last 200 Succeeded/)
    await page.reload()
    await has(t, rowOf(page, 'one'), 'Succeeded', '1 poll')
    t.equal(await page.innerText('#live .runs'), before)
  })

  t.test('shows which scenario applied to a run, and how often each active scenario has matched', async t => {
    const { emulator, page } = await follow(t, browser)
    await has(t, page.locator('#live .no-scenarios'), 'None is active.')
    await put(emulator, { name: 'once', calls: '1', match: { vmName: 'vm' }, do: [{ guest: { exitCode: 137 } }] })
    await has(t, page.locator('#live .scenarios > li'), 'matched 0')
    await run(emulator, 'one')
    await has(t, rowOf(page, 'one'), 'scenario once', 'exit code 137')
    await has(t, page.locator('#live .scenarios > li'), 'once', 'matched 1', 'done', 'guest where vmName vm; calls 1')
    await run(emulator, 'two')
    await has(t, page.locator('#live .scenarios > li'), 'matched 2')
    t.notMatch(await rowOf(page, 'two').innerText(), 'scenario')
    await page.selectOption('#live .view', 'scenario')
    await rowOf(page, 'two').waitFor({ state: 'hidden' })
    t.ok(await rowOf(page, 'one').isVisible())
  })

  t.test('marks a reset in the list, and lists no scenario as active after it', async t => {
    const { emulator, page } = await follow(t, browser)
    await put(emulator, { name: 'once', do: [{ guest: { exitCode: 1 } }] })
    await run(emulator, 'one')
    await has(t, rowOf(page, 'one'), 'scenario once')
    await emulator.reset()
    await has(t, page.locator('#live .runs > .restart'), 'A reset dropped the requests below.')
    await page.locator('#live .no-scenarios', { hasText: 'None is active.' }).waitFor()
    await run(emulator, 'two')
    await has(t, rowOf(page, 'two'), 'exit code 3')
    await emulator.reset({ subscriptionId: SUBSCRIPTION, resourceGroup: 'rg' })
    await has(t, page.locator('#live .runs > .restart'), `A reset dropped the requests below that belong to ${SUBSCRIPTION}/rg.`)
  })

  t.test('shows findings, and can hide the requests without findings', async t => {
    const { emulator, page } = await follow(t, browser)
    await run(emulator, 'one')
    await runCommand(emulator, { commandId: 'RunShellScript', script: 'a text' }, { vmName: 'other' })
    const row = rowOf(page, 'other')
    await has(t, row, '1 finding', '400 BadRequest')
    await row.locator('summary').click()
    await has(t, row, 'error contract: Azure refuses the body', 'request.body.script')
    await has(t, page.locator('#live .summary'), '2 run commands · 1 with findings')
    await page.selectOption('#live .view', 'findings')
    await rowOf(page, 'one').waitFor({ state: 'hidden' })
    t.ok(await row.isVisible())
  })

  t.test('finds rows by the output of their script', async t => {
    const { emulator, page } = await follow(t, browser)
    for (const script of ['one', 'two']) await run(emulator, script, { prefer: 'wait=10' })
    await has(t, rowOf(page, 'two'), 'exit code 3')
    await page.fill('#live .search', 'OUTPUT of one')
    await rowOf(page, 'two').waitFor({ state: 'hidden' })
    t.ok(await rowOf(page, 'one').isVisible())
    await page.fill('#live .search', '')
    await rowOf(page, 'two').waitFor()
  })

  t.test('folds requests that start no operation, and unfolds them with the keyboard', async t => {
    const { emulator, page } = await follow(t, browser)
    const url = '/subscriptions/24fb23e3-6ba3-41f0-9b6e-e41131d5d61e?api-version=2022-12-01'
    await get(emulator, url)
    const others = page.locator('#live .others')
    await has(t, others, '1 other request')
    t.ok(await others.locator('li').isHidden())
    await others.locator('> summary').focus()
    await page.keyboard.press('Enter')
    await has(t, others, `GET${url}`, '200')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await has(t, others, 'Body of the response', 'displayName')
  })

  t.test('shows markup in scripts, scenario names and outputs as text', async t => {
    const { emulator, page, complaints } = await follow(t, browser)
    await put(emulator, { name: HTML, do: [{ guest: { stdout: HTML, stderr: HTML } }] })
    await runCommand(emulator, { commandId: 'RunShellScript', script: [HTML], parameters: [{ name: HTML, value: HTML }] },
      { headers: { 'user-agent': HTML, 'x-ms-client-request-id': HTML } })
    await get(emulator, '/%3Cimg%20src=x%3E', { 'user-agent': HTML })
    await page.locator('#live .runs summary').first().click()
    await page.locator('#live .others > summary').click()
    await page.locator('#live .others li summary').first().click()
    await has(t, page.locator('#live .scenarios'), HTML)
    for (const heading of ['Script', 'Standard output', 'Standard error']) {
      t.equal(await below(page.locator('#live .runs > li'), heading).innerText(), HTML, heading)
    }
    t.equal(await page.locator('#live img, #live script').count(), 0)
    t.equal(await page.title(), 'azrun')
    t.strictSame(complaints, [])
  })

  t.test('shows at most a hundred run commands', async t => {
    const { emulator, page } = await follow(t, browser)
    for (let number = 1; number <= 103; number++) await run(emulator, `script-${number}.`)
    await has(t, rowOf(page, 'script-103.'), 'exit code 3')
    t.equal(await page.locator('#live .runs > li').count(), 100)
    await has(t, page.locator('#live .summary'), '3 older ones not shown')
    t.equal(await rowOf(page, 'script-3.').count(), 0)
  })

  t.test('shows the requests that arrived during a pause when it continues', async t => {
    const { emulator, page } = await follow(t, browser)
    await page.click('#live button:text("Pause")')
    await waitForState(page, 'Paused')
    await run(emulator, 'one')
    t.equal(await page.locator('#live .runs > li').count(), 0)
    await page.click('#live button:text("Continue")')
    await has(t, rowOf(page, 'one'), 'exit code 3')
    await waitForState(page, 'Live')
  })

  t.test('reconnects after a restart of azrun, and keeps the rows it has shown', async t => {
    const { emulator, page } = await follow(t, browser)
    await run(emulator, 'one')
    await has(t, rowOf(page, 'one'), 'exit code 3')
    await emulator.close()
    await waitForState(page, 'Reconnecting…')
    const again: RunningEmulator = await start(t, { executor, port: emulator.port })
    await run(again, 'two')
    await waitForState(page, 'Live')
    await has(t, rowOf(page, 'two'), 'exit code 3')
    t.match(await page.innerText('#live .runs'), /two[^]*azrun restarted[^]*one/)
  })

  t.test('needs no token on the same machine, and asks for the admin token after a 401', async t => {
    const emulator = await start(t, { executor, adminToken: SECRET })
    t.equal((await fetch(`${emulator.httpUrl}/_emulator/events`)).status, 401)
    const context = await browser.newContext()
    t.teardown(() => context.close())
    const { page } = await open(context, emulator.httpUrl)
    await waitForState(page, 'Live')
    // A browser on another machine gets a 401 without the token.
    await context.route('**/_emulator/events', async (route, request) => {
      const isAuthorized = request.headers()['authorization'] === `Bearer ${SECRET}`
      return await (isAuthorized ? route.continue() : route.fulfill({ status: 401 }))
    })
    await page.reload()
    await waitForState(page, 'Needs the admin token')
    t.ok(await page.isVisible('#kept'))
    await page.fill('#live input[name=token]', SECRET)
    await page.keyboard.press('Enter')
    await waitForState(page, 'Live')
    await run(emulator, 'one')
    await has(t, rowOf(page, 'one'), 'exit code 3')
  })

  t.test('shows the table of recorded runs without JavaScript, and without a journal', async t => {
    for (const [options, javaScriptEnabled] of [[{}, false], [{ journal: 0 }, true]] as const) {
      const emulator = await start(t, { executor, ...options })
      await run(emulator, 'one')
      const context = await browser.newContext({ javaScriptEnabled })
      const { page, complaints } = await open(context, emulator.httpUrl)
      t.match(await page.innerText('table.runs'), /RunShellScript\s+one\s+Succeeded\s+3\s/)
      t.notOk(await page.isVisible('#live'))
      t.strictSame(complaints, [])
      await context.close()
    }
  })

  t.test('fits a phone in dark mode and a screen in light mode with its rows expanded', async t => {
    const { emulator } = await follow(t, browser)
    const long = 'l'.repeat(2000)
    await put(emulator, { name: long.slice(0, 100), do: [{ guest: { stdout: long } }] })
    await runCommand(emulator, { commandId: 'RunShellScript', script: [long] }, { vmName: 'm'.repeat(64), headers: { 'user-agent': long } })
    await get(emulator, `/${long}`)
    for (const [width, colorScheme] of [[320, 'dark'], [1280, 'light']] as const) {
      const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme })
      const { page } = await open(context, emulator.httpUrl)
      for (const summary of ['.runs summary', '.others > summary', '.others li summary']) await page.click(`#live ${summary}`)
      t.ok(await page.evaluate<number>('document.documentElement.scrollWidth') <= width, `${width}`)
      await context.close()
    }
  })
})
