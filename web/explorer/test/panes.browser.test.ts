import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { BrowserContext, Page } from 'playwright-core'
import { browserMissing, focusOn, sharedBrowser } from '../../../stack/testing/browser.ts'
import { type TestSystem, testSystem } from '../../../stack/testing/system.ts'
import { textIn } from '../texts.ts'
import { answer, faultsOf, findings, queryEditor, run, signIn, write } from './visit.ts'

const skipped = browserMissing(process.env.CI === 'true')
const timeoutMs = 60_000

let system: TestSystem
let context: BrowserContext
let page: Page
let faults: string[]

/** One sign-in for all of them: each test leaves the page as the next one may find it. */
beforeAll(async () => {
  if (skipped) return
  system = await testSystem({ web: true })
  const { email } = await system.account('Claire Petit', ['ADMIN'])
  const browser = await sharedBrowser()
  context = await browser.newContext({
    ...{ baseURL: system.origin, locale: 'en-GB', reducedMotion: 'reduce' },
    viewport: { width: 1_280, height: 900 },
  })
  context.setDefaultTimeout(20_000)
  page = await context.newPage()
  await signIn(page, email)
  faults = faultsOf(page, system.origin)
  await queryEditor(page).waitFor()
}, 2 * timeoutMs)
afterAll(async () => {
  await context?.close()
  await system?.stop()
})

const text = (id: Parameters<typeof textIn>[1], values?: Record<string, string>) =>
  textIn('en', id, values)

/** Opens a pane of ours; each of GraphiQL's buttons says what it would do. */
async function open(title: string) {
  const shown = page.getByRole('button', { name: `Hide ${title}`, exact: true })
  if ((await shown.count()) === 0)
    await page.getByRole('button', { name: `Show ${title}`, exact: true }).click()
  await page.getByRole('heading', { level: 2, name: title }).waitFor()
}

const pane = () => page.locator('.pane')
const press = (name: string) => pane().getByRole('button', { name, exact: true }).click()

/** What the gateway is sent next, of an operation. */
const nextRun = (name: string) =>
  page.waitForResponse((response) =>
    (response.request().postData() ?? '').includes(`"operationName":"${name}"`),
  )

const people = 'query Everybody { users(first: 3) { totalCount edges { node { displayName } } } }'

describe.skipIf(skipped !== null)('beside the explorer', () => {
  test(
    'the plan of an operation shows before it runs what is asked of whom, and its cost',
    async () => {
      await write(page, 'Everybody', people)
      await open(text('plan'))
      const asked: string[] = []
      const seen = (request: { url(): string }) => asked.push(new URL(request.url()).pathname)
      page.on('request', seen)
      await press(text('planNow'))
      const fetch = pane().locator('summary').first()
      await fetch.getByText('users', { exact: true }).waitFor()
      await pane()
        .getByText(/^Cost: \d+ estimated, 10,000 allowed/)
        .waitFor()
      page.off('request', seen)
      expect(asked).toContain('/explorer/plan')
      expect(asked).not.toContain('/graphql')
      // By the keyboard alone.
      await fetch.focus()
      await page.keyboard.press('Enter')
      await pane().locator('pre', { hasText: 'totalCount' }).waitFor()
      await run(page)
      await pane()
        .getByText(/^last run \d+$/)
        .waitFor()
      await pane()
        .getByText(/Last run: \d+/)
        .waitFor()
    },
    timeoutMs,
  )

  test(
    'the last run shows which service took how long, in bars and in words',
    async () => {
      await write(page, 'Both', 'query Both { viewer { roles sessions { current } } }')
      await run(page)
      await answer(page).getByText('current').waitFor()
      await open(text('trace'))
      const rows = pane().locator('.waterfall li')
      await rows.nth(1).waitFor()
      const told = await rows.allInnerTexts()
      expect(told[0]).toMatch(/1 users.*\d to .*ms · bytes: \d+ · cost \d+ · answered/s)
      expect(told[1]).toMatch(/2 auth.*viewer.*objects: 1/s)
      expect(await pane().locator('.bar-line[aria-hidden=true] span').count()).toBe(2)
      // What is shown as the answer is the answer alone.
      expect(await answer(page).textContent()).not.toContain('extensions')
    },
    timeoutMs,
  )

  /** Requests of that address wait until they are released. */
  async function heldBack(address: string) {
    const [asked, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    await page.route(address, async (route) => {
      asked.resolve()
      await released.promise
      await route.continue()
    })
    return { asked: asked.promise, release: released.resolve }
  }

  test(
    'an operation is saved, opened, renamed, shared, and deleted once that is confirmed',
    async () => {
      await write(page, 'Kept', 'query Kept { viewer { roles } }')
      await open(text('saved'))
      await press(text('save'))
      await pane()
        .getByText(text('savedDone', { title: 'Kept' }))
        .waitFor()
      await pane()
        .getByText(text('actionsOf', { title: 'Kept' }))
        .click()
      await pane().getByLabel(text('renameTo')).fill('Roles')
      const readAgain = await heldBack('**/explorer/operations')
      await press(text('rename'))
      await readAgain.asked
      // It is not told before the list has it: who went on at once would change what is gone.
      const renamed = pane().getByText(text('changed', { title: 'Roles' }))
      expect(await renamed.count()).toBe(0)
      readAgain.release()
      await renamed.waitFor()
      await press(text('share'))
      await pane().getByText(text('isShared'), { exact: true }).waitFor()
      const tabs = await page.locator('.graphiql-tab').count()
      await press(text('open', { title: 'Roles' }))
      await page.waitForFunction(
        (count) => document.querySelectorAll('.graphiql-tab').length > count,
        tabs,
      )
      await queryEditor(page).getByText('Kept').waitFor()
      await press(text('remove'))
      await page.keyboard.press('Escape')
      await pane()
        .getByRole('button', { name: text('open', { title: 'Roles' }) })
        .waitFor()
      await press(text('remove'))
      await pane()
        .getByRole('group')
        .getByRole('button', { name: text('remove') })
        .click()
      await pane()
        .getByText(text('removed', { title: 'Roles' }))
        .waitFor()
      await pane().getByText(text('savedNoneOwn')).waitFor()
      // What had the focus is gone; who works by keyboard goes on from what is said of it.
      await focusOn(page, text('removed', { title: 'Roles' }))
    },
    timeoutMs,
  )

  test(
    'a change that another tab has made first is told, and not overwritten',
    async () => {
      await open(text('saved'))
      await pane().getByLabel(text('saveTitle')).fill('Twice')
      await press(text('save'))
      await pane()
        .getByText(text('actionsOf', { title: 'Twice' }))
        .click()
      const changed = await page.evaluate(async () => {
        const { operations } = await (await fetch('/explorer/operations')).json()
        const [{ id, title: _, ...operation }] = operations
        const body = JSON.stringify({ ...operation, title: 'Elsewhere' })
        const headers = { 'content-type': 'application/json' }
        return (await fetch(`/explorer/operations/${id}`, { method: 'PUT', headers, body })).status
      })
      expect(changed).toBe(200)
      const told = faults.length
      await pane().getByLabel(text('renameTo')).fill('Here')
      await press(text('rename'))
      await pane().getByText(text('conflict')).waitFor()
      await pane()
        .getByRole('button', { name: text('open', { title: 'Elsewhere' }) })
        .waitFor()
      // The browser itself tells of a 409.
      expect(faults.splice(told)).toEqual([expect.stringContaining('409')])
    },
    timeoutMs,
  )

  test(
    'looking as a role is denied what the role is denied, and changes nothing',
    async () => {
      const told = faults.length
      await write(page, 'Everybody', people)
      await page.getByLabel(text('lensViewer')).selectOption('CLIENT')
      await page.getByText(text('lensActive')).waitFor()
      const denied = nextRun('Everybody')
      await run(page)
      const { errors } = await (await denied).json()
      expect(errors[0].extensions.code).toBe('UNAUTHORIZED_FIELD_OR_TYPE')
      await write(page, 'Out', 'mutation Out { endImpersonation { __typename } }')
      const refused = nextRun('Out')
      await run(page)
      expect((await refused).status()).toBe(403)
      await page.getByLabel(text('lensViewer')).selectOption('MYSELF')
      await write(page, 'Everybody', people)
      const allowed = nextRun('Everybody')
      await run(page)
      expect((await (await allowed).json()).errors).toBeUndefined()
      for (const fault of faults.splice(told)) expect(fault).toContain('403')
    },
    timeoutMs,
  )

  test(
    'another contract is another schema, which is read at once',
    async () => {
      const read = page.waitForResponse((response) =>
        (response.request().postData() ?? '').includes('IntrospectionQuery'),
      )
      await page.getByLabel(text('lensContract')).selectOption('public')
      const response = await read
      expect(response.request().headers()['x-plexus-contract']).toBe('public')
      const { data } = await response.json()
      const fields: { name: string }[] = data.__schema.types.find(
        ({ name }: { name: string }) => name === 'Query',
      ).fields
      expect(fields.map(({ name }) => name)).toContain('coaches')
      expect(fields.map(({ name }) => name)).not.toContain('users')
      await page.getByLabel(text('lensContract')).selectOption('admin')
    },
    timeoutMs,
  )

  test(
    'an operation is published as a registered one, or refused with the reason',
    async () => {
      await write(page, 'Published', 'query Published { viewer { roles } }')
      await open(text('publish'))
      await press(text('publishNow', { name: 'Published' }))
      await pane()
        .getByText(/^Published: Published, cost \d+\.$/)
        .waitFor()
      await press(text('publishNow', { name: 'Published' }))
      await pane()
        .getByText(/^It was published before: Published/)
        .waitFor()
      const dear = Array.from(
        { length: 15 },
        (_, index) => `a${index}: users(first: 100) { edges { node { id } } }`,
      )
      await write(page, 'Dear', `query Dear { ${dear.join(' ')} }`)
      await press(text('publishNow', { name: 'Dear' }))
      await pane().getByText(text('rejected')).waitFor()
      await pane()
        .getByText(/^It costs [\d,]+, and may cost 2,000\.$/)
        .waitFor()
    },
    timeoutMs,
  )

  test(
    'everything of ours is in French too, and keeps its place when the language changes',
    async () => {
      await open(text('saved'))
      await page.getByLabel(text('language')).selectOption('fr')
      await page.getByRole('heading', { level: 2, name: textIn('fr', 'saved') }).waitFor()
      expect(await pane().getAttribute('lang')).toBe('fr')
      await page.getByRole('button', { name: `Hide ${textIn('fr', 'saved')}` }).waitFor()
      await page.getByLabel(textIn('fr', 'lensViewer')).waitFor()
      await page.getByLabel(textIn('fr', 'language')).selectOption('en')
      await page.getByRole('heading', { level: 2, name: text('saved') }).waitFor()
    },
    timeoutMs,
  )

  test(
    'axe finds nothing in any of it, dark on a phone and light on a desk',
    async () => {
      const looks = [
        { width: 1_280, colorScheme: 'light' },
        { width: 360, colorScheme: 'dark' },
      ] as const
      await write(page, 'Both', 'query Both { viewer { roles sessions { current } } }')
      await run(page)
      const found: string[] = []
      for (const { width, colorScheme } of looks) {
        await page.setViewportSize({ width, height: 800 })
        await page.emulateMedia({ colorScheme })
        // The editors follow the system's colours while the page is open.
        const shade = colorScheme === 'dark' ? '.vs-dark' : '.vs'
        await page.locator(`.graphiql-query-editor .monaco-editor${shade}`).first().waitFor()
        for (const title of ['plan', 'trace', 'saved', 'publish'] as const) {
          await open(text(title))
          if (title === 'plan') await press(text('planNow'))
          if (title === 'plan') await pane().locator('summary').first().click()
          if (title === 'saved') await pane().locator('summary').first().click()
          const ours = (await findings(page)).filter(({ exception }) => exception === -1)
          found.push(...ours.map(({ rule, html }) => `${title}: ${rule} ${html}`))
          // Nothing is wider than the page.
          expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
        }
      }
      expect(found).toEqual([])
    },
    timeoutMs,
  )

  test(
    'a session that is over is told, with a way back that finds what was written',
    async () => {
      const told = faults.length
      await page.setViewportSize({ width: 1_280, height: 900 })
      await write(page, 'Kept', 'query Kept { viewer { roles } }')
      await open(text('plan'))
      const cookies = await context.cookies()
      await context.clearCookies()
      await press(text('planNow'))
      await pane().getByText(text('refusedForbidden')).waitFor()
      const back = pane().getByRole('link', { name: text('signInAgain') })
      expect(await back.getAttribute('href')).toBe('/auth/login?returnTo=/graphiql')
      await context.addCookies(cookies)
      await page.goto('/graphiql')
      await queryEditor(page).getByText('Kept').waitFor()
      for (const fault of faults.splice(told)) expect(fault).toContain('403')
    },
    timeoutMs,
  )

  test('nothing was asked of another origin, and nothing failed on the page', () => {
    expect(faults).toEqual([])
  })
})
