import { describe, expect, test } from 'bun:test'
import { openSettled } from '../../stack/testing/settled.ts'
import { findings } from './axe.ts'
import { skipped, type Visit, visit } from './harness.ts'
import { type MockBooking, nextFree } from './mock-state.ts'

type Prepared = { name: string; signedIn?: boolean; open: (visit: Visit) => Promise<void> }

const go =
  (path: string) =>
  async ({ page }: Visit) => {
    await openSettled(page, path)
  }

/** A booking of the first coach's first service, so many free times from now. */
function book(world: Visit, status: 'HELD' | 'CONFIRMED' | 'EXPIRED', place: number): string {
  const serviceId = 'coach-1-service-1'
  const slot = nextFree(world.gateway.state, serviceId)[place]
  if (!slot) throw new Error('The mock has no free time.')
  const id = `booking-000${place}`
  const holdExpiresMs = status === 'HELD' ? Date.now() + 500_000 : null
  world.gateway.state.bookings.push({
    id,
    serviceId,
    startMs: slot.startMs,
    status,
    holdExpiresMs,
    version: 1,
  })
  return id
}

/** A page that is live is never without a request: it is there when it says so. */
async function openLive({ page }: Visit, path: string): Promise<void> {
  await page.goto(path)
  await page.locator('[data-live=live]').waitFor()
}

/** A booking that costs 60 €, in a given state, and its page. */
const priced =
  (extra: Partial<MockBooking>, after = '') =>
  async (world: Visit) => {
    const id = book(world, 'HELD', 40)
    const booking = world.gateway.state.bookings.find((own) => own.id === id)
    if (booking) Object.assign(booking, { serviceId: 'coach-1-service-2', price: 6_000, ...extra })
    await openLive(world, `/bookings/${id}${after}`)
  }

const paid = { status: 'CONFIRMED', holdExpiresMs: null, payment: { status: 'SUCCEEDED' } } as const

async function openWorkspace(world: Visit, part: string) {
  const { state } = world.gateway
  world.gateway.roles = ['coach']
  const [first] = state.coaches
  if (first) state.coaches.push({ ...first, id: 'coach-own', slug: 'own' })
  const [service] = state.services
  if (service) state.services.push({ ...service, id: 'own-service', coachId: 'coach-own' })
  await go(`/workspace?part=${part}`)(world)
  const add = world.page.getByRole('main').locator('button[type="button"]')
  if (part !== 'profile') await add.first().click()
}

const pages: readonly Prepared[] = [
  { name: 'home', open: go('/') },
  { name: 'home after a failed sign-in', open: go('/?signin=failed&reason=expired') },
  { name: 'coaches', open: go('/coaches') },
  { name: 'coaches, nothing found', open: go('/coaches?search=zzz') },
  { name: 'coach', open: go('/coaches/maya-tremblay') },
  { name: 'coach without services', open: go('/coaches/noah-berger') },
  {
    name: 'coach with a time chosen',
    signedIn: true,
    open: async ({ page }) => {
      await openSettled(page, '/coaches/camille-moreau')
      await page
        .getByRole('radio', { name: /\d:\d\d/ })
        .first()
        .check({ force: true })
    },
  },
  {
    name: 'a time that was taken',
    signedIn: true,
    open: async ({ page, gateway }) => {
      await openSettled(page, '/coaches/camille-moreau')
      await page
        .getByRole('radio', { name: /\d:\d\d/ })
        .first()
        .check({ force: true })
      const [first] = nextFree(gateway.state, 'coach-1-service-1')
      if (first) gateway.state.takenElsewhere.add(first.startMs)
      await page.locator('[aria-live] button').click()
      await page.locator('[data-focus-target]').waitFor()
    },
  },
  {
    name: 'held booking',
    signedIn: true,
    open: (world) => openLive(world, `/bookings/${book(world, 'HELD', 4)}`),
  },
  {
    name: 'confirmed booking',
    signedIn: true,
    open: (world) => openLive(world, `/bookings/${book(world, 'CONFIRMED', 40)}`),
  },
  {
    name: 'expired hold',
    signedIn: true,
    open: (world) => openLive(world, `/bookings/${book(world, 'EXPIRED', 4)}`),
  },
  {
    name: 'my bookings',
    signedIn: true,
    open: async (world) => {
      book(world, 'CONFIRMED', 40)
      book(world, 'HELD', 41)
      await go('/bookings')(world)
    },
  },
  {
    name: 'cancel dialog',
    signedIn: true,
    open: async (world) => {
      book(world, 'CONFIRMED', 40)
      await go('/bookings')(world)
      await world.page.locator('article button').click()
      await world.page.getByRole('alertdialog').waitFor()
    },
  },
  { name: 'held booking with a price', signedIn: true, open: priced({}) },
  {
    name: 'held booking after a declined payment',
    signedIn: true,
    open: priced({ payment: { status: 'FAILED' } }),
  },
  { name: 'paid booking', signedIn: true, open: priced(paid) },
  {
    name: 'payment on its way',
    signedIn: true,
    open: priced({ payment: { status: 'REQUIRES_ACTION' } }, '/result'),
  },
  {
    name: 'paid too late',
    signedIn: true,
    open: priced({ status: 'EXPIRED', payment: { status: 'REFUNDED', refunded: 6_000 } }),
  },
  {
    name: 'cancelled and refunded',
    signedIn: true,
    open: priced({
      status: 'CANCELLED_BY_CLIENT',
      payment: { status: 'PARTIALLY_REFUNDED', refunded: 3_000 },
    }),
  },
  {
    name: 'moving a booking',
    signedIn: true,
    open: async (world) => {
      await priced(paid)(world)
      await world.page.locator('button[aria-expanded=false]').last().click()
      const times = world.page.getByRole('radio', { name: /\d:\d\d/ })
      await times.nth(1).check({ force: true })
    },
  },
  {
    name: 'cancelling what is paid',
    signedIn: true,
    open: async (world) => {
      await priced(paid)(world)
      await world.page.locator('article button').last().click()
      await world.page.getByRole('alertdialog').waitFor()
    },
  },
  {
    name: 'workspace, bookings',
    signedIn: true,
    open: async (world) => {
      await priced(paid)(world)
      const { state } = world.gateway
      world.gateway.roles = ['coach']
      const [first] = state.coaches
      if (first) state.coaches.push({ ...first, id: 'coach-own', slug: 'own' })
      await world.page.goto('/workspace?part=bookings')
      await world.page.locator('summary').first().click()
    },
  },
  { name: 'my bookings, empty', signedIn: true, open: go('/bookings') },
  { name: 'my bookings, signed out', open: go('/bookings') },
  { name: 'no such page', open: go('/nowhere') },
  { name: 'sign-in after a failure', open: go('/login?signin=failed&reason=expired') },
  {
    name: 'a password that was refused',
    open: async ({ page }) => {
      await openSettled(page, '/signup')
      await page.locator('[name=displayName]').fill('Léa')
      await page.locator('[name=email]').fill('lea@example.org')
      await page.locator('[name=password]').fill('password1234')
      await page.locator('[type=submit]').click()
      await page.locator('main li').first().waitFor()
    },
  },
  {
    name: 'check your mail',
    open: async ({ page }) => {
      await openSettled(page, '/reset')
      await page.locator('[name=email]').fill('lea@example.org')
      await page.locator('[type=submit]').click()
      await page.getByText('lea@example.org').waitFor()
    },
  },
  { name: 'confirming an address', open: go('/verify#token=any') },
  {
    name: 'overview of somebody who is looked at by support',
    signedIn: true,
    open: async (world) => {
      book(world, 'CONFIRMED', 40)
      Object.assign(world.gateway.account, { actor: 'Hugo Blanc', readOnly: true })
      await go('/dashboard')(world)
      await world.page.getByRole('timer').waitFor()
    },
  },
  {
    name: 'security, with everything open',
    signedIn: true,
    open: async ({ page }) => {
      await openSettled(page, '/security')
      await page.locator('#password').getByRole('button').click()
      await page.locator('#two-step').getByRole('button').click()
      await page.locator('#passkeys').getByRole('button').click()
      await page.locator('#delegations').getByRole('button').last().click()
      await page.locator('#two-step img').waitFor()
      await page.locator('#delegations form').waitFor()
    },
  },
  {
    name: 'recovery codes',
    signedIn: true,
    open: async (world) => {
      Object.assign(world.gateway.account.security, { totpEnabled: true })
      world.gateway.account.acr = '2'
      await openSettled(world.page, '/security')
      await world.page.locator('#recovery').getByRole('button').click()
      await world.page.locator('[data-print]').waitFor()
    },
  },
  {
    name: 'confirming who it is',
    signedIn: true,
    open: async (world) => {
      const passkeys = [{ id: 'one', label: 'Bureau', createdAt: new Date().toISOString() }]
      Object.assign(world.gateway.account.security, { totpEnabled: true, passkeys })
      await openSettled(world.page, '/security')
      await world.page.locator('#recovery').getByRole('button').click()
      await world.page.locator('[role=alertdialog] [name=code]').fill('000000')
      await world.page.locator('[role=alertdialog] [type=submit]').click()
      await world.page.locator('[role=alertdialog] [role=alert]').waitFor()
    },
  },
  {
    name: 'security at a sign-in service of its own',
    signedIn: true,
    open: async (world) => {
      world.gateway.account.provider = 'external'
      await go('/security')(world)
    },
  },
  { name: 'state of the service', open: go('/status') },
  ...['profile', 'services', 'hours'].map((part) => ({
    name: `workspace, ${part}`,
    signedIn: true,
    open: (world: Visit) => openWorkspace(world, part),
  })),
]

describe.skipIf(skipped !== null)('every page, light and dark, on a phone and on a desk', () => {
  for (const locale of ['fr-FR', 'en-GB'])
    for (const { name, open, signedIn = false } of pages)
      test(`[MP-09] ${name} is accessible in ${locale}`, async () => {
        await visit({ locale, signedIn }, async (world) => {
          await open(world)
          expect(await world.page.locator('html').getAttribute('lang')).toBe(locale.slice(0, 2))
          expect(await findings(world.page)).toEqual([])
        })
      }, 60_000)
})
