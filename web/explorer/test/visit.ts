import type { Page } from 'playwright-core'
import { violationsOn } from '../../../stack/testing/axe.ts'
import { testPassword } from '../../../stack/testing/system.ts'
import { axeExceptions } from '../axe-exceptions.ts'

/** Signs in on the way to the explorer. */
export async function signIn(page: Page, email: string): Promise<void> {
  await page.goto('/auth/login?returnTo=/graphiql')
  await page.getByLabel('E-mail').fill(email)
  await page.locator('input[type=password]').fill(testPassword)
  await page.locator('button[type=submit]').click()
  await page.waitForURL('**/graphiql')
}

export const queryEditor = (page: Page) =>
  page.locator('.graphiql-query-editor .monaco-editor').first()
export const answer = (page: Page) => page.locator('.result-window')

/** Collects what a page does that it must not: errors, and questions to other origins. */
export function faultsOf(page: Page, origin: string): string[] {
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`${message.text()} ${message.location().url}`)
  })
  page.context().on('request', (request) => {
    const url = new URL(request.url())
    if (/^http/.test(url.protocol) && url.origin !== origin) faults.push(request.url())
  })
  return faults
}

/** Replaces what stands in the editor, once GraphiQL has read the operation's name. */
export async function write(page: Page, name: string, query: string): Promise<void> {
  await queryEditor(page).click()
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.insertText(query)
  const tab = page.locator('.graphiql-tab-active').getByRole('button', { name, exact: true })
  await tab.waitFor()
}

export const run = (page: Page): Promise<void> =>
  page.getByRole('button', { name: /^Execute/ }).click()

export type Finding = {
  readonly rule: string
  readonly html: string
  /** The place of the exception that allows it; -1 for none. */
  readonly exception: number
}

/** What axe finds now. */
export async function findings(page: Page): Promise<Finding[]> {
  const violations = await violationsOn(page)
  const nodes = violations.flatMap(({ id, nodes: found }) =>
    found.map(({ html, target }) => ({ rule: id, html, target: String(target[0]) })),
  )
  return Promise.all(
    nodes.map(async ({ rule, html, target }) => {
      const element = page.locator(target).first()
      const fits = await Promise.all(
        axeExceptions.map(
          async (allowed) =>
            allowed.rule === rule &&
            (await element.evaluate((node, selector) => node.matches(selector), allowed.selector)),
        ),
      )
      return { rule, html, exception: fits.indexOf(true) }
    }),
  )
}
