import type { Page } from 'playwright-core'

/** The page has drawn what it has, and has nothing to do before it draws again. */
const whenIdle = `new Promise((resolve) =>
  requestAnimationFrame(() => requestIdleCallback(() => resolve(null), { timeout: 1_000 })))`

/**
 * Opens an address and waits until the page is at rest: nothing is being fetched, and no work of the page
 * fetches more. Not for a page that holds a stream.
 */
export async function openSettled(page: Page, path: string): Promise<void> {
  const fetching = new Set<object>()
  let begun = 0
  const started = (request: object) => {
    begun += 1
    fetching.add(request)
  }
  const ended = (request: object) => void fetching.delete(request)
  page.on('request', started).on('requestfinished', ended).on('requestfailed', ended)
  try {
    await page.goto(path)
    for (let seen = -1; seen !== begun || fetching.size > 0; ) {
      seen = begun
      await page.evaluate(whenIdle)
    }
  } finally {
    page.off('request', started).off('requestfinished', ended).off('requestfailed', ended)
  }
}
