import type { Page } from 'playwright-core'
import { violationsOn } from '../../stack/testing/axe.ts'

/** The theme changes colours only, so the second theme is asked about colours only. */
async function violations(page: Page, rules?: string[]): Promise<string[]> {
  const found = await violationsOn(page, rules)
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}

/** The layout settles within a frame or two after a change of size. */
const fits = (page: Page): Promise<boolean> =>
  page
    .waitForFunction(
      () => document.documentElement.scrollWidth <= document.documentElement.clientWidth,
      null,
      { timeout: 1_000 },
    )
    .then(
      () => true,
      () => false,
    )

const looks = [
  { width: 360, theme: 'light' },
  { width: 360, theme: 'dark' },
  { width: 1_280, theme: 'light' },
  { width: 1_280, theme: 'dark' },
] as const

/** Every look of the open page; the findings, each with the look it was found in. */
export async function findings(page: Page): Promise<string[]> {
  const found: string[] = []
  for (const { width, theme } of looks) {
    await page.setViewportSize({ width, height: 900 })
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    const faults = await violations(page, theme === 'dark' ? ['color-contrast'] : undefined)
    found.push(...faults.map((fault) => `${width} ${theme} ${fault}`))
  }
  await page.setViewportSize({ width: 320, height: 700 })
  return (await fits(page)) ? found : [...found, 'scrolls sideways at 320']
}
