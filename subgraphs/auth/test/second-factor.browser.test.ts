import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { BrowserContext, Page } from 'playwright-core'
import { violationsOn } from '../../../stack/testing/axe.ts'
import { browserPath, type PageOptions, withPage } from '../../../stack/testing/browser.ts'
import { viewerWith } from '../../../stack/testing/subgraph.ts'
import { newAuthenticator } from './authenticator.ts'
import { type FactorGraph, mutate, newFactorGraph, type Person, sessionOf } from './factors.ts'
import { type FactorWorld, newFactorWorld, personWithApp } from './second-factor.ts'
import { addAccount, authorizeUrl, client, password, pkce } from './world.ts'

// On a laptop these tests are skipped by name; where a browser is promised its absence is a failure.
const isMissing = browserPath === null && process.env.CI !== 'true'

let world: FactorWorld
let graph: FactorGraph
let application: ReturnType<typeof serveApplication>

/** Stands for the gateway: where a person lands. */
const serveApplication = () =>
  Bun.serve({ port: 0, hostname: 'localhost', fetch: () => new Response('the application') })

beforeAll(async () => {
  if (isMissing) return
  application = serveApplication()
  const redirectUris = [`${application.url.origin}/auth/callback`]
  world = await newFactorWorld({ client: { ...client, redirectUris } })
  graph = await newFactorGraph(world.base, {
    id: 'localhost',
    name: 'Plexus',
    origins: [world.issuer],
  })
}, 60_000)

afterAll(async () => {
  await application?.stop(true)
  await graph?.stop()
  await world?.stop()
})

const start = (parameters: Record<string, string> = {}) =>
  authorizeUrl(world.issuer, {
    code_challenge: pkce().challenge,
    redirect_uri: `${application.url.origin}/auth/callback`,
    ...parameters,
  })

/** A visit during which the browser never complains of our own policy. */
const visit = (
  options: Omit<PageOptions, 'baseURL'>,
  work: (page: Page, context: BrowserContext) => Promise<void>,
) =>
  withPage({ baseURL: world.issuer, ...options }, async (page, context) => {
    const complaints: string[] = []
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) complaints.push(message.text())
    })
    await work(page, context)
    expect(complaints).toEqual([])
  })

/** Axe finds nothing, and nobody scrolls sideways. */
async function expectInOrder(page: Page) {
  const violations = await violationsOn(page)
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html)}`)).toEqual([])
  const sideways = 'document.documentElement.scrollWidth > document.documentElement.clientWidth'
  expect(await page.evaluate(sideways)).toBe(false)
}

async function signInWith(page: Page, email: string) {
  await page.goto(start())
  await page.fill('[name=email]', email)
  await page.fill('[name=password]', password)
  await page.keyboard.press('Enter')
}

const landed = (page: Page) => page.waitForURL(`${application.url.origin}/auth/callback?*`)

const looks = [
  { locale: 'fr', theme: 'light', width: 360, height: 740 },
  { locale: 'en', theme: 'dark', width: 1280, height: 800 },
] as const

describe.skipIf(isMissing)('the second factor in a real browser', () => {
  test.each(looks)(
    'every page is accessible: $locale, $theme, $width px',
    async (look) => {
      const ada = await personWithApp(world)
      const key = newAuthenticator(world.issuer)
      const row = { ...key.kept(), personId: ada.id, label: 'Key' }
      await world.db.write((sql) => sql`insert into passkey ${sql(row)}`)
      const bob = await addAccount(world.sql)
      await visit(look, async (page) => {
        await signInWith(page, ada.email)
        await page.waitForSelector('#code')
        expect(await page.locator('html').getAttribute('lang')).toBe(look.locale)
        expect(await page.locator('#passkey button').isVisible()).toBe(true)
        await expectInOrder(page)
        await page.fill('#code', '000000')
        await page.keyboard.press('Enter')
        await page.waitForSelector('#fault')
        await expectInOrder(page)
        await page.click('.other a')
        await page.waitForSelector('#code[autocapitalize=characters]')
        await expectInOrder(page)
        await page.fill('#code', ada.recoveryCodes[0]?.toLowerCase() ?? '')
        await page.keyboard.press('Enter')
        await landed(page)
      })
      await visit(look, async (page) => {
        await signInWith(page, bob.email)
        await landed(page)
        await page.goto(start({ acr_values: '2' }))
        await page.waitForSelector('[name=cancel]')
        await expectInOrder(page)
        await page.click('[name=cancel]')
        await landed(page)
        expect(new URL(page.url()).searchParams.get('error')).toBe(
          'unmet_authentication_requirements',
        )
      })
    },
    60_000,
  )

  test('codes work in a browser without script', async () => {
    const ada = await personWithApp(world)
    await withPage({ baseURL: world.issuer, locale: 'en', javaScript: false }, async (page) => {
      await signInWith(page, ada.email)
      await page.waitForSelector('#code')
      expect(await page.locator('#passkey').count()).toBe(0)
      await page.fill('#code', world.code(ada.secret))
      await page.keyboard.press('Enter')
      await landed(page)
    })
  }, 60_000)

  test('a passkey that the browser made signs in without a password, and after it', async () => {
    const { id, email } = await addAccount(world.sql)
    await visit({ locale: 'en' }, async (page, context) => {
      const setVerified = await addKey(context, page)
      await page.goto(start())
      await register(page, id)
      await page.click('#passkey button')
      await landed(page)

      await context.clearCookies()
      await signInWith(page, email)
      await page.waitForSelector('h1:has-text("Confirm that it is you")')
      expect(await page.locator('#code').count()).toBe(0)
      await expectInOrder(page)
      await setVerified(false)
      await page.click('#passkey button')
      await page.waitForSelector('#passkey-fault:visible')
      await expectInOrder(page)
      await setVerified(true)
      await page.click('#passkey button')
      await landed(page)
    })
  }, 60_000)
})

/** A key in the browser's own laptop; the answer switches whether it recognizes its holder. */
async function addKey(context: BrowserContext, page: Page) {
  const cdp = await context.newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return (isUserVerified: boolean) =>
    cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified })
}

/** Registers a passkey as the page *Security* does: the graph asks, the browser makes it, the graph keeps it. */
async function register(page: Page, id: string) {
  const viewer: Person['viewer'] = {
    ...viewerWith(['CLIENT'], id),
    sessionId: await sessionOf(graph, id),
  }
  const { options } = await mutate(graph, viewer, 'startPasskeyRegistration')
  const response = await page.evaluate(`(async () => {
    const options = PublicKeyCredential.parseCreationOptionsFromJSON(${options})
    const made = await navigator.credentials.create({ publicKey: options })
    return JSON.stringify(made.toJSON())
  })()`)
  const kept = await mutate(graph, viewer, 'finishPasskeyRegistration', {
    label: 'Laptop',
    response,
  })
  expect(kept.__typename).toBe('PasskeyAdded')
}
