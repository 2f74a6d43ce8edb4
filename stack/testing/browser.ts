import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { findChromium } from './chromium.ts'

/** Without the background flags, Chromium looks for its maker's hosts at every start. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Null on a laptop without a browser: browser tests are then skipped by name. */
export const browserPath: string | null = findChromium(process.env.PLEXUS_CHROMIUM)

/** Why browser tests cannot run, or null when they can. Where `CI=true`, a missing browser is a failure. */
export function browserMissing(ci: boolean): string | null {
  if (browserPath) return null
  if (ci) throw new Error('CI=true needs a browser: install the package chromium.')
  return 'no Chromium on this machine'
}

let shared: Promise<Browser> | null = null

/** One browser for all tests of a process; it ends with the process. */
export function sharedBrowser(): Promise<Browser> {
  if (!browserPath) throw new Error('There is no Chromium on this machine.')
  shared ??= chromium.launch({ executablePath: browserPath, args: flags, headless: true })
  return shared
}

export type PageOptions = {
  baseURL: string
  locale?: string
  timeZone?: string
  theme?: 'light' | 'dark'
  width?: number
  height?: number
  /** False for a visitor whose browser runs none. */
  javaScript?: boolean
}

/**
 * Resolves when what has the focus says that, and no more: a page moves it a moment after it has shown something. By an
 * expression, which may be true of a part.
 */
export async function focusOn(page: Page, text: string | RegExp): Promise<void> {
  const wanted = text instanceof RegExp ? text : new RegExp(`^${RegExp.escape(text)}$`)
  await page.waitForFunction(
    (pattern) => pattern.test(document.activeElement?.textContent?.trim() ?? ''),
    wanted,
  )
}

/** A visitor with a storage of their own; gone when the work is done, whatever happened. */
export async function withPage<T>(
  options: PageOptions,
  work: (page: Page, context: BrowserContext) => Promise<T>,
): Promise<T> {
  const { width = 1_280, height = 900, theme = 'light' } = options
  const browser = await sharedBrowser()
  const context = await browser.newContext({
    baseURL: options.baseURL,
    locale: options.locale ?? 'fr-FR',
    timezoneId: options.timeZone ?? 'Europe/Paris',
    colorScheme: theme,
    viewport: { width, height },
    javaScriptEnabled: options.javaScript ?? true,
  })
  context.setDefaultTimeout(40_000)
  try {
    return await work(await context.newPage(), context)
  } finally {
    await context.close()
  }
}
