import { describe, expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { skipped, texts, type Visit, visit } from './harness.ts'
import { mockCode, mockPassword, mockRecoveryCode } from './mock-account.ts'

const t = {
  ...(await texts('en')),
  ...(await texts('en', 'security.')),
  ...(await texts('en', 'account.')),
  ...(await texts('en', 'step-up.')),
}
const text = (id: string): string => t[id] ?? id
const signedIn = { locale: 'en-GB', signedIn: true } as const
const timeoutMs = 30_000

const button = (page: Page, id: string) => page.getByRole('button', { name: text(id), exact: true })

async function open({ page }: Visit) {
  await page.goto('/security')
  await page.getByRole('heading', { name: text('twoStep.app') }).waitFor()
}

/** A second factor that is there already. */
function withTotp({ gateway }: Visit) {
  Object.assign(gateway.account.security, { totpEnabled: true, recoveryCodesLeft: 8 })
}

/** A device that holds passkeys and always says yes. */
async function withAuthenticator({ page, context }: Visit) {
  const cdp = await context.newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true },
      ...{ hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
    },
  })
}

describe.skipIf(skipped !== null)('second factors', () => {
  test(
    'an app is set up by picture or key, confirmed by its code, and recovery codes are kept before they go',
    () =>
      visit(signedIn, async (world) => {
        const { page, gateway } = world
        await open(world)
        await button(page, 'twoStep.enable').click()
        const picture = page.getByRole('img', { name: text('twoStep.qr') })
        await picture.waitFor()
        const isDrawn = picture.evaluate((image: HTMLImageElement) => image.naturalWidth > 0)
        expect(await isDrawn).toBe(true)
        const key = await page.getByLabel(text('twoStep.key'), { exact: true }).inputValue()
        expect(key).toMatch(/^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/)
        const code = page.getByLabel(text('twoStep.code'))
        expect(await code.getAttribute('autocomplete')).toBe('one-time-code')
        await code.fill('000000')
        await button(page, 'twoStep.confirm').click()
        await page.getByText(/4 tries are left/).waitFor()
        await code.fill(mockCode)
        await code.press('Enter')
        await page.getByRole('heading', { name: text('recovery.codes') }).waitFor()
        expect(await page.locator('[data-print] li').count()).toBe(10)
        const saved = page.waitForEvent('download')
        await button(page, 'recovery.download').click()
        expect((await saved).suggestedFilename()).toBe('plexus-recovery-codes.txt')
        expect(await button(page, 'recovery.done').isDisabled()).toBe(true)
        await page.getByLabel(text('recovery.kept')).check()
        await button(page, 'recovery.done').click()
        await page.getByText('10 codes left').waitFor()
        expect(gateway.account.security.totpEnabled).toBe(true)
        expect(await page.locator('[data-print]').count()).toBe(0)
      }),
    timeoutMs,
  )

  test(
    'what needs a second factor asks for it in place, and then goes on by itself',
    () =>
      visit(signedIn, async (world) => {
        withTotp(world)
        const { page, gateway } = world
        await open(world)
        await button(page, 'recovery.regenerate').click()
        const dialog = page.getByRole('alertdialog', { name: text('stepUp.title') })
        await dialog.getByLabel(text('stepUp.code')).fill('111111')
        await dialog.getByRole('button', { name: text('stepUp.confirm') }).click()
        await dialog.getByText(/This code is not right/).waitFor()
        expect(gateway.account.security.recoveryCodesLeft).toBe(8)
        await dialog.getByRole('button', { name: text('stepUp.recovery.instead') }).click()
        await dialog.getByLabel(text('stepUp.recovery')).fill(mockRecoveryCode)
        await dialog.getByRole('button', { name: text('stepUp.confirm') }).click()
        await page.getByRole('heading', { name: text('recovery.codes') }).waitFor()
        expect(await dialog.count()).toBe(0)
        expect(gateway.account.security.recoveryCodesLeft).toBe(10)
      }),
    timeoutMs,
  )

  test(
    'Escape leaves the question without doing anything, and the level of the session lasts for the next act',
    () =>
      visit(signedIn, async (world) => {
        withTotp(world)
        const { page, gateway } = world
        await open(world)
        const turnOff = button(page, 'twoStep.disable')
        await turnOff.click()
        await page.getByRole('alertdialog').getByLabel(text('stepUp.code')).waitFor()
        await page.keyboard.press('Escape')
        await page.getByRole('alertdialog').waitFor({ state: 'detached' })
        expect(await page.getByLabel(text('twoStep.code')).count()).toBe(0)
        gateway.account.acr = '2'
        await page.reload()
        await turnOff.click()
        await page.getByLabel(text('twoStep.code')).fill(mockCode)
        await page.getByLabel(text('twoStep.code')).press('Enter')
        await page.getByText(text('twoStep.off.done')).waitFor()
        expect(gateway.account.security.totpEnabled).toBe(false)
      }),
    timeoutMs,
  )

  test(
    'a passkey is named and made, shows that it is its owner, and is removed after a question',
    () =>
      visit(signedIn, async (world) => {
        const { page, gateway } = world
        await withAuthenticator(world)
        await open(world)
        await button(page, 'passkeys.add').click()
        await page.getByLabel(text('passkeys.label'), { exact: true }).fill('Bureau')
        await button(page, 'passkeys.create').click()
        await page.getByText('Bureau can sign you in from now on.').waitFor()
        expect(gateway.account.security.passkeys.length).toBe(1)
        await page.getByRole('button', { name: /^Remove/ }).click()
        const dialog = page.getByRole('alertdialog')
        await dialog.getByRole('button', { name: text('passkeys.remove') }).click()
        await dialog.getByRole('button', { name: text('stepUp.passkey') }).click()
        await page.getByText(text('passkeys.removed')).waitFor()
        expect(gateway.account.security.passkeys).toEqual([])
      }),
    timeoutMs,
  )

  test(
    'after an old sign-in the first factor takes the password once more',
    () =>
      visit(signedIn, async (world) => {
        const { page, gateway } = world
        gateway.account.isOld = true
        await open(world)
        await button(page, 'twoStep.enable').click()
        const password = page.getByLabel(text('password.current'))
        await password.fill('not this one')
        await password.press('Enter')
        await page.getByText(text('password.wrong')).waitFor()
        await password.fill(mockPassword)
        await password.press('Enter')
        await page.getByRole('img', { name: text('twoStep.qr') }).waitFor()
      }),
    timeoutMs,
  )
})

describe.skipIf(skipped !== null)('the password', () => {
  test(
    'is changed with the one of now: what is wrong stands at its field, and how many sessions ended is said',
    () =>
      visit(signedIn, async (world) => {
        const { page } = world
        await open(world)
        await button(page, 'password.change').click()
        const current = page.getByLabel(text('password.current'))
        const next = page.getByLabel(text('password.new'), { exact: true })
        expect(await current.getAttribute('autocomplete')).toBe('current-password')
        expect(await next.getAttribute('autocomplete')).toBe('new-password')
        await current.fill('not this one')
        await next.fill('password1234')
        await button(page, 'password.submit').click()
        await page.getByText(text('password.wrong')).waitFor()
        await current.fill(mockPassword)
        await button(page, 'password.submit').click()
        await page.getByText(text('problem.COMMON')).waitFor()
        await next.fill('rivage-tranquille-7')
        await button(page, 'password.submit').click()
        await page.getByText(/2 other sessions have been ended/).waitFor()
        expect(await current.count()).toBe(0)
      }),
    timeoutMs,
  )
})

describe.skipIf(skipped !== null)('with a sign-in service of its own', () => {
  test(
    'the credentials are kept there, and the page leads to the right place of it and back',
    () =>
      visit(signedIn, async (world) => {
        const { page, gateway } = world
        gateway.account.provider = 'external'
        await page.goto('/security')
        await page.getByText(text('provider.title')).first().waitFor()
        for (const of of ['password', 'totp', 'passkey']) {
          const link = page.getByRole('link', { name: text(`provider.${of}`) })
          const address = `/auth/login?action=${of}&returnTo=%2Fsecurity`
          expect(await link.getAttribute('href')).toBe(address)
        }
      }),
    timeoutMs,
  )

  test(
    'what waited while the reader was there is done when they are back, once; a link from elsewhere does nothing',
    () =>
      visit(signedIn, async (world) => {
        const { page, gateway } = world
        gateway.account.provider = 'external'
        await page.goto('/security')
        await button(page, 'delegations.add').click()
        await page.getByLabel(text('delegations.to')).fill('ines@example.org')
        await button(page, 'delegations.grant').click()
        const dialog = page.getByRole('alertdialog')
        await dialog.getByRole('link', { name: text('stepUp.external.go') }).click()
        await page.getByText(text('delegations.granted')).waitFor()
        expect(gateway.logins).toEqual(['?acr=2&returnTo=%2Fsecurity'])
        expect(gateway.account.given.length).toBe(2)
        await page.reload()
        await page.getByRole('heading', { name: 'Inès Carvalho' }).waitFor()
        expect(gateway.account.given.length).toBe(2)
        expect(await page.evaluate(() => sessionStorage.getItem('plexus.intent'))).toBeNull()
      }),
    timeoutMs,
  )
})
