import { existsSync } from 'node:fs'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import type { Test } from 'tap'

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)

/** The reason to skip tests in a browser, or false if there is one. */
export const skipBrowser = CHROMIUM === undefined && 'needs Chromium: apt-get install chromium'

/** An open page, with the errors that it reported: violations of its policy, and errors of its script. */
export interface Opened {
  readonly page: Page
  readonly complaints: readonly string[]
}

/** Starts Chromium, which ends with the test. It has no spare process for a next page. */
export async function launch (t: Test): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--renderer-process-limit=1'] })
  t.teardown(() => browser.close())
  return browser
}

/** Opens an address like a person who types it. */
export async function open (context: BrowserContext, url: string): Promise<Opened> {
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', error => complaints.push(error.message))
  page.on('console', message => { if (message.type() === 'error') complaints.push(message.text()) })
  await page.goto(url)
  return { page, complaints }
}
