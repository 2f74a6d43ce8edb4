import { describe, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { skipped, texts, visit } from './harness.ts'
import { mockToken } from './mock-account.ts'

const t = { ...(await texts('en')), ...(await texts('en', 'account.')) }
const fr = { ...(await texts('fr')), ...(await texts('fr', 'account.')) }
const overview = await texts('en', 'dashboard.')
const text = (id: string): string => t[id] ?? id
const english = { locale: 'en-GB' } as const
const timeoutMs = 30_000

describe.skipIf(skipped !== null)('signing up', () => {
  test(
    'a weak password is explained in the reader’s language, a suggested one is accepted, and the end is the same for everybody',
    () =>
      visit({ locale: 'fr-FR' }, async ({ page, gateway }) => {
        await page.goto('/signup')
        await page.getByLabel(fr['signup.name'] ?? '').fill('Léa')
        await page.getByLabel(fr['account.email'] ?? '').fill('lea@example.org')
        const password = page.getByLabel(fr['account.password'] ?? '', { exact: true })
        await password.fill('password1234')
        const submit = page.getByRole('button', { name: fr['signup.submit'] ?? '' })
        await submit.click()
        await page.getByText(fr['problem.COMMON'] ?? '').waitFor()
        await page.getByText(fr['problem.GUESSABLE'] ?? '').waitFor()
        expect(await password.getAttribute('aria-invalid')).toBe('true')
        await page.getByRole('button', { name: fr['password.suggest'] ?? '' }).click()
        await page.getByText(fr['strength.strong'] ?? '').waitFor()
        expect(await password.getAttribute('type')).toBe('text')
        expect((await password.inputValue()).length).toBe(24)
        await submit.click()
        await page.getByRole('heading', { name: fr['signup.sent.title'] ?? '' }).waitFor()
        // Two tries, two proofs: each holds what the challenge asked for.
        expect(gateway.account.asked.length).toBe(2)
        for (const asked of gateway.account.asked) {
          const proof = asked.split(' ').at(-1) ?? ''
          const hash = createHash('sha256').update(proof).digest()
          expect(hash.readUInt16BE(0) >> 6).toBe(0)
        }
      }),
    timeoutMs,
  )

  test(
    'hard work against robots leaves the page quick, and ends with the page',
    () =>
      visit(english, async ({ page, gateway }) => {
        gateway.account.difficulty = 32
        await page.goto('/signup')
        const name = page.getByLabel(text('signup.name'))
        const worker = page.waitForEvent('worker')
        await name.focus()
        await worker
        const longest = await page.evaluate(async () => {
          let longestMs = 0
          for (let frame = 0; frame < 20; frame += 1) {
            const before = performance.now()
            await new Promise((resolve) => setTimeout(resolve, 5))
            longestMs = Math.max(longestMs, performance.now() - before)
          }
          return longestMs
        })
        // On the page itself the search for 32 bits would take minutes.
        expect(longest).toBeLessThan(2_000)
        expect(page.workers().length).toBe(1)
        const ended = (await worker).waitForEvent('close').catch(() => null)
        await page
          .getByRole('link', { name: text('account.signIn') })
          .last()
          .click()
        await ended
        expect(page.workers().length).toBe(0)
      }),
    timeoutMs,
  )
})

describe.skipIf(skipped !== null)('letters about the account', () => {
  test(
    'a forgotten password: the letter is asked for, its token leaves the address, and serves once',
    () =>
      visit(english, async ({ page, gateway }) => {
        await page.goto('/login')
        await page.getByRole('link', { name: text('login.reset') }).click()
        await page.getByLabel(text('account.email')).fill('who@example.org')
        await page.getByRole('button', { name: text('reset.submit') }).click()
        await page.getByText(/If who@example.org has an account/).waitFor()
        expect(gateway.account.asked[0]).toStartWith('reset who@example.org mock:')

        await page.goto(`/reset#token=${mockToken}`)
        const password = page.getByLabel(text('password.new'), { exact: true })
        await password.fill('lune-calme-verte-9')
        expect(page.url()).not.toContain(mockToken)
        await page.getByRole('button', { name: text('reset.choose.submit') }).click()
        await page.getByRole('heading', { name: text('reset.done.title') }).waitFor()
      }),
    timeoutMs,
  )

  test(
    'a link that is over says so, and leads to another one',
    () =>
      visit(english, async ({ page }) => {
        await page.goto('/reset#token=old')
        await page.getByLabel(text('password.new'), { exact: true }).fill('lune-calme-verte-9')
        await page.getByRole('button', { name: text('reset.choose.submit') }).click()
        await page.getByRole('heading', { name: text('reset.dead.title') }).waitFor()
        await page.getByRole('button', { name: text('reset.again') }).click()
        await page.getByRole('heading', { name: text('reset.title') }).waitFor()
        await page.goto('/verify#token=old')
        await page.getByRole('button', { name: text('verify.submit') }).click()
        await page.getByRole('heading', { name: text('verify.dead.title') }).waitFor()
      }),
    timeoutMs,
  )

  test(
    'an address is confirmed by a press, never by opening the link alone',
    () =>
      visit(english, async ({ page, gateway }) => {
        await page.goto(`/verify#token=${mockToken}`)
        const submit = page.getByRole('button', { name: text('verify.submit') })
        await submit.waitFor()
        expect(gateway.account.asked).toEqual([])
        expect(page.url()).not.toContain(mockToken)
        await submit.click()
        await page.getByRole('heading', { name: text('verify.done.title') }).waitFor()
        expect(gateway.account.asked).toEqual(['verified'])
      }),
    timeoutMs,
  )
})

describe.skipIf(skipped !== null)('signing in', () => {
  test(
    'says what went wrong last time, where the password is asked for, and leads only to pages of this site',
    () =>
      visit(english, async ({ page }) => {
        await page.goto('/login?signin=failed&reason=expired&returnTo=//evil.example/')
        await page.getByText(text('signin.expired')).waitFor()
        const link = page.getByRole('link', { name: 'Sign in with Plexus ID' })
        expect(await link.getAttribute('href')).toBe('/auth/login?returnTo=%2Fdashboard')
        await link.click()
        await page.getByRole('heading', { name: /Hello, Léa Fontaine/ }).waitFor()
        await page.getByRole('link', { name: overview['dashboard.advice.twoStep'] ?? '' }).click()
        await page.getByRole('heading', { name: 'Two-step sign-in' }).waitFor()
        await page.goto('/login')
        await page.getByRole('heading', { name: text('login.known') }).waitFor()
      }),
    timeoutMs,
  )

  test(
    'a session that was lost comes back without a word, once; then the way in is shown',
    () =>
      visit(english, async ({ page, gateway }) => {
        gateway.account.silent = true
        await page.goto('/bookings?view=past')
        await page.getByRole('button', { name: /Account of/ }).waitFor()
        expect(gateway.logins).toEqual(['?silent=1&returnTo=%2Fbookings%3Fview%3Dpast'])
        expect(new URL(page.url()).search).toBe('?view=past')
        await page.context().clearCookies()
        await page.reload()
        await page.getByRole('heading', { name: text('bookings.signIn.title') }).waitFor()
        expect(gateway.logins.length).toBe(1)
      }),
    timeoutMs,
  )
})
