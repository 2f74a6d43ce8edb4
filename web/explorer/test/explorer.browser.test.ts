import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { BrowserContext, Page } from 'playwright-core'
import { browserMissing, type PageOptions, withPage } from '../../../stack/testing/browser.ts'
import { holdSlot, offerSessions, slotsOf } from '../../../stack/testing/coach.ts'
import { type TestSystem, testSystem } from '../../../stack/testing/system.ts'
import { axeExceptions } from '../axe-exceptions.ts'
import { texts } from '../texts.ts'
import {
  answer,
  type Finding,
  faultsOf,
  findings,
  queryEditor,
  run,
  signIn,
  write,
} from './visit.ts'

const skipped = browserMissing(process.env.CI === 'true')
const timeoutMs = 60_000

let system: TestSystem
let admin: string

beforeAll(async () => {
  if (skipped) return
  system = await testSystem({ web: true })
  admin = (await system.account('Claire Petit', ['ADMIN'])).email
}, timeoutMs)
afterAll(() => system?.stop())

/** The explorer, ready to be asked; whatever its policy refused or another origin was asked for fails the test. */
async function explore(
  options: Partial<PageOptions>,
  work: (page: Page, context: BrowserContext) => Promise<void>,
) {
  let faults: string[] = []
  await withPage({ baseURL: system.origin, locale: 'en-GB', ...options }, async (page, context) => {
    await signIn(page, admin)
    faults = faultsOf(page, system.origin)
    await page.reload()
    await queryEditor(page).waitFor()
    await work(page, context)
  })
  expect(faults).toEqual([])
}

/** Replaces what stands in the editor and runs it. */
async function ask(page: Page, name: string, query: string) {
  await write(page, name, query)
  await run(page)
}

/** GraphiQL reads a tab's operation a moment after it shows it, and notes the query just before. */
const isRead = (name: string) => localStorage.getItem('graphiql:query')?.includes(name) ?? false

describe.skipIf(skipped !== null)('the graph explorer', () => {
  test(
    '[FC-32] answers a question over several subgraphs and shows the documentation, from our own origin alone',
    () =>
      explore({}, async (page) => {
        const asked = page.waitForResponse((response) =>
          (response.request().postData() ?? '').includes('WhoAmI'),
        )
        await page.getByRole('button', { name: /^Execute/ }).click()
        const { data } = await (await asked).json()
        expect(data.viewer).toMatchObject({
          roles: ['ADMIN'],
          user: { displayName: 'Claire Petit', email: admin },
          sessions: [{ current: true }],
          bookings: { edges: [] },
        })
        await answer(page).getByText('Claire').first().waitFor()
        await page.getByRole('button', { name: 'Show Documentation Explorer' }).click()
        await page.getByRole('link', { name: 'Query', exact: true }).click()
        await page.getByText('What a new password must be.').waitFor()
        await page.getByRole('button', { name: 'Show History' }).click()
        await page.getByRole('button', { name: 'Set active' }).waitFor()
        expect(page.workers().length).toBeGreaterThan(0)
        for (const worker of page.workers()) expect(worker.url()).toStartWith(system.origin)
      }),
    timeoutMs,
  )

  test(
    'every example of its tabs runs without an error',
    () =>
      explore({}, async (page) => {
        for (const name of ['People', 'Payments']) {
          await page.getByRole('button', { name, exact: true }).click()
          await page.waitForFunction(isRead, `query ${name}`)
          const asked = page.waitForResponse((response) =>
            (response.request().postData() ?? '').includes(`"operationName":"${name}"`),
          )
          await page.getByRole('button', { name: /^Execute/ }).click()
          const body = await (await asked).json()
          expect(body.errors).toBeUndefined()
          expect(body.data).toBeObject()
        }
      }),
    timeoutMs,
  )

  test(
    'follows a subscription as it happens, and stops it when told',
    async () => {
      const coach = await system.person('Léa Martin', ['COACH'])
      const { serviceId } = await offerSessions(coach, { slug: 'lea-martin' })
      const client = await system.person('Noé Lambert', ['CLIENT'])
      const [slot] = await slotsOf(client, serviceId)
      const input = { idempotencyKey: crypto.randomUUID(), slotToken: slot?.token }
      const held = await client.ask<{ holdSlot: { booking: { id: string } } }>(holdSlot, { input })
      const { id } = held.holdSlot.booking
      await explore({}, async (page) => {
        await ask(
          page,
          'Followed',
          `subscription Followed { bookingChanged(bookingId: "${id}") { kind booking { status } } }`,
        )
        await answer(page).getByText('CURRENT').waitFor()
        const confirm = `mutation ($input: ConfirmBookingInput!) { confirmBooking(input: $input) { __typename } }`
        const key = { idempotencyKey: crypto.randomUUID(), bookingId: id }
        await client.ask(confirm, { input: key })
        await answer(page).getByText('CONFIRMED').first().waitFor()
        const ended = page.waitForEvent('requestfailed')
        await page.getByRole('button', { name: /^Stop/ }).click()
        expect((await ended).url()).toBe(`${system.origin}/graphql`)
      })
    },
    timeoutMs,
  )

  test(
    'has no place for a header, which its history would keep in the browser for good',
    () =>
      explore({}, async (page) => {
        await page.getByRole('button', { name: /^Execute/ }).click()
        await answer(page).getByText('Claire').first().waitFor()
        await page.getByRole('button', { name: 'Variables', exact: true }).waitFor()
        expect(await page.getByRole('button', { name: 'Headers', exact: true }).count()).toBe(0)
        const kept = await page.evaluate(() => JSON.stringify({ ...localStorage }))
        expect(kept).toContain('WhoAmI')
        expect(kept).not.toMatch(/authorization|eyJ|__Host/i)
      }),
    timeoutMs,
  )

  test(
    'is open to administrators only: a client is refused, a stranger is sent to sign in',
    async () => {
      const client = await system.person('Ada Moreau', ['CLIENT'])
      const refused = await client.send('/graphiql')
      expect(refused.status).toBe(403)
      expect(await refused.text()).not.toContain('/explorer/assets/')
      const anonymous = await fetch(`${system.origin}/graphiql`, { redirect: 'manual' })
      expect(anonymous.headers.get('location')).toContain('/auth/login')
      const { body } = await client.graph({ query: '{ __schema { types { name } } }' })
      expect(body.data ?? null).toBeNull()
    },
    timeoutMs,
  )

  test(
    'has our chrome in both languages, with the theme and the language of the app',
    () =>
      explore({ locale: 'fr-FR' }, async (page) => {
        const { fr, en } = texts
        await page.getByRole('heading', { level: 1, name: fr.title }).waitFor()
        await page.getByText('Connecté : Claire Petit').waitFor()
        await page.getByLabel(fr.language).selectOption('en')
        await page.getByRole('heading', { level: 1, name: en.title }).waitFor()
        expect(await page.title()).toBe(`${en.title} · Plexus`)
        expect(await page.locator('html').getAttribute('lang')).toBe('en')
        await page.getByLabel(en.theme).selectOption('dark')
        await page.locator('html[data-theme=dark] body.graphiql-dark').waitFor()
        await page.getByRole('link', { name: en.back }).click()
        await page.getByRole('heading', { level: 1, name: 'Administration' }).waitFor()
        expect(await page.locator('html').getAttribute('lang')).toBe('en')
        expect(await page.locator('html').getAttribute('data-theme')).toBe('dark')
        const stored = await page.evaluate(() => JSON.stringify({ ...localStorage }))
        expect(stored).not.toMatch(/token|eyJ|__Host/i)
      }),
    timeoutMs,
  )
})

describe.skipIf(skipped !== null)('the page around the explorer', () => {
  test(
    'is there before the tool, and says so when the tool does not arrive',
    () =>
      withPage({ baseURL: system.origin, locale: 'fr-FR' }, async (page) => {
        await page.route('**/explorer/assets/tool-*', (route) => route.abort())
        await signIn(page, admin)
        await page.getByRole('heading', { level: 1, name: texts.fr.title }).waitFor()
        await page.getByText(texts.fr.failed).waitFor()
        await page.unrouteAll()
        await page.getByRole('button', { name: texts.fr.retry }).click()
        await queryEditor(page).waitFor()
      }),
    timeoutMs,
  )
})

/** Each state of the tool that a person sees, one after the other. */
const states: readonly ((page: Page) => Promise<void>)[] = [
  async (page) => {
    await page.getByRole('button', { name: /^Execute/ }).click()
    await answer(page).getByText('Claire').first().waitFor()
  },
  async (page) => {
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click()
    await page.getByRole('link', { name: 'Query', exact: true }).click()
  },
  async (page) => {
    await page.getByRole('button', { name: 'Show History' }).click()
    await page.getByRole('button', { name: 'Set active' }).first().waitFor()
  },
  async (page) => {
    await page.getByRole('button', { name: 'Hide History' }).click()
    await page.getByRole('button', { name: 'Variables', exact: true }).click()
  },
  async (page) => {
    await page.getByRole('button', { name: /settings/i }).click()
    await page.getByRole('dialog').waitFor()
  },
]

/** Colours depend on the theme and places on the width, neither on the other: two looks show all four. */
const looks = [
  { width: 360, theme: 'dark' },
  { width: 1_280, theme: 'light' },
] as const

describe.skipIf(skipped !== null)('axe on the graph explorer', () => {
  test('finds what is listed, all of it and nothing else', async () => {
    const found: Finding[] = []
    for (const { width, theme } of looks)
      await explore({ width, theme }, async (page) => {
        await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: theme })
        for (const open of states) {
          await open(page)
          found.push(...(await findings(page)))
        }
      })
    expect(found.filter(({ exception }) => exception === -1)).toEqual([])
    expect(new Set(found.map(({ exception }) => exception))).toEqual(new Set(axeExceptions.keys()))
  }, 120_000)
})
