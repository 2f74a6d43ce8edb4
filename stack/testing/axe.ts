import type { AxeResults, Result } from 'axe-core'
import type { Page } from 'playwright-core'

const source = Bun.file(require.resolve('axe-core/axe.min.js'))

/** What is asked and no more: naming everything that is in order takes most of axe's time. */
const lean = { resultTypes: ['violations'], preload: false, elementRef: false } as const

/**
 * What axe finds wrong with the open page, by all of its rules or by the ones that are named. It is put into
 * the page once, past any policy of the page, and looks at the outermost frame.
 */
export async function violationsOn(page: Page, rules?: readonly string[]): Promise<Result[]> {
  if (!(await page.evaluate('"axe" in globalThis'))) await page.evaluate(await source.text())
  const options = { ...lean, ...(rules && { runOnly: rules }) }
  // The page's own axe answers: what evaluate gives is as it is typed there.
  const results = (await page.evaluate(
    `axe.run(document, ${JSON.stringify(options)})`,
  )) as AxeResults
  return results.violations
}
