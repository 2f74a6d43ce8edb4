import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { checkoutOf } from '../../subgraphs/billing/payment/provider.contract.ts'
import type { CheckoutRequest } from '../../subgraphs/billing/payment/provider.ts'
import { violationsOn } from '../testing/axe.ts'
import { browserMissing, type PageOptions, withPage } from '../testing/browser.ts'
import { type TestSandbox, testSandbox } from '../testing/stripe.ts'

const skipped = browserMissing(process.env.CI === 'true')
/** Where pictures go when somebody wants to look at them. */
const pictures = process.env.PLEXUS_PICTURES

let box: TestSandbox
let shop: Bun.Server<undefined>

beforeAll(() => {
  if (skipped) return
  box = testSandbox()
  shop = Bun.serve({
    port: 0,
    fetch: (request) => new Response(`At ${new URL(request.url).pathname}`),
  })
})
afterAll(async () => {
  await box?.stop()
  await shop?.stop(true)
})

const start = (given: Partial<CheckoutRequest> = {}) =>
  box.provider.createCheckout(
    checkoutOf(box.now(), {
      successUrl: `http://localhost:${shop.port}/paid`,
      cancelUrl: `http://localhost:${shop.port}/cancelled`,
      ...given,
    }),
  )

const looks = [
  ['fr', 'light', 1280],
  ['fr', 'dark', 360],
  ['en', 'dark', 1280],
  ['en', 'light', 360],
] as const

/** No finding of axe, nothing wider than the screen; a picture when somebody looks. */
async function isSound(page: Page, name: string) {
  if (pictures) await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true })
  const violations = await violationsOn(page)
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
  const [wide, screen] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ])
  expect(wide).toBeLessThanOrEqual(screen ?? 0)
}

const visit = (options: Partial<PageOptions>) => ({ baseURL: box.sandbox.origin, ...options })

describe.skipIf(skipped !== null)(`the page to pay on${skipped ? `: ${skipped}` : ''}`, () => {
  test.each(looks)('is sound in %s, %s, %d pixels wide, in each of its states', async (...look) => {
    const [locale, theme, width] = look
    const name = (state: string) => `pay-${locale}-${theme}-${width}-${state}`
    // The browser prefers the other language: the session's decides.
    const browserLocale = locale === 'fr' ? 'en-GB' : 'fr-FR'
    await withPage(visit({ theme, width, locale: browserLocale }), async (page) => {
      const open = await start({ locale })
      await page.goto(open.url)
      expect(await page.locator('html').getAttribute('lang')).toBe(locale)
      await isSound(page, name('open'))
      await page.getByRole('button', { name: /0002/ }).click()
      await page.getByRole('alert').waitFor()
      await isSound(page, name('declined'))
      await page.getByRole('button', { name: /3155/ }).click()
      await page.getByRole('heading', { name: /bank|banque/ }).waitFor()
      await isSound(page, name('authenticate'))
      await box.provider.expireCheckout(open.checkoutId)
      await page.goto(open.url)
      await isSound(page, name('expired'))
      await page.goto('/c/pay/cs_test_none')
      await isSound(page, name('missing'))
    })
  })

  test('a click on a card pays, leads back, and the page says so from then on', async () => {
    await withPage(visit({}), async (page) => {
      const { url, checkoutId } = await start({ amount: { amount: 123_450, currency: 'EUR' } })
      await page.goto(url)
      await page.getByRole('heading', { name: 'À payer 1 234,50 €' }).waitFor()
      await page.getByText('aucun argent ne circule').waitFor()
      await page.getByRole('button', { name: /^4242/ }).click()
      await page.waitForURL('**/paid')
      expect(await box.provider.checkout(checkoutId)).toMatchObject({ isPaid: true })
      await page.goto(url)
      await page.getByRole('heading', { name: 'C’est déjà payé' }).waitFor()
      await isSound(page, 'pay-paid')
      await page.getByRole('link', { name: 'Continuer' }).click()
      await page.waitForURL('**/paid')
    })
  })

  test('a number is typed with the keyboard alone, a wrong one explained at its field', async () => {
    await withPage(visit({}), async (page) => {
      const { url, checkoutId } = await start({ locale: 'en' })
      await page.goto(url)
      const field = page.getByLabel('Test card number')
      await field.fill('1234')
      await field.press('Enter')
      await page.getByRole('alert').waitFor()
      expect(await field.getAttribute('aria-invalid')).toBe('true')
      expect(await page.title()).toStartWith('Error: ')
      await isSound(page, 'pay-wrong-number')
      await field.fill('4242 4242 4242 4242')
      await field.press('Enter')
      await page.waitForURL('**/paid')
      expect(await box.provider.checkout(checkoutId)).toMatchObject({ isPaid: true })
    })
  })

  test('the way back leads to the shop and charges nothing', async () => {
    await withPage(visit({}), async (page) => {
      const { url, checkoutId } = await start({ locale: 'en' })
      await page.goto(url)
      await page.getByRole('link', { name: 'Cancel and go back' }).click()
      await page.waitForURL('**/cancelled')
      expect(await box.provider.checkout(checkoutId)).toMatchObject({
        state: 'OPEN',
        isPaid: false,
      })
    })
  })

  test('the bank asks, and its answer decides', async () => {
    await withPage(visit({}), async (page) => {
      const { url } = await start({ locale: 'en' })
      await page.goto(url)
      await page.getByRole('button', { name: /3155/ }).click()
      await page.getByRole('button', { name: 'Let the authentication fail' }).click()
      await page.getByText('The authentication did not succeed').waitFor()
      await page.getByRole('button', { name: /3155/ }).click()
      await page.getByRole('button', { name: 'Authenticate the payment' }).click()
      await page.waitForURL('**/paid')
    })
  })

  test('what is bought may be called anything, and runs nothing', async () => {
    await withPage(visit({}), async (page) => {
      const said: string[] = []
      page.on('console', (message) => said.push(message.text()))
      page.on('dialog', () => said.push('a dialog'))
      const description = '<img src=x onerror=alert(1)><script>alert(2)</script>'
      await page.goto((await start({ description })).url)
      await page.getByText(description).waitFor()
      expect(said).toEqual([])
    })
  })
})
