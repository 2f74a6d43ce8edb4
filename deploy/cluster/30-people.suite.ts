import { beforeAll, describe, expect, test } from 'bun:test'
import { z } from 'zod'
import { asksFor } from '../../stack/test/identity-provider/walker.ts'
import { inDatabase } from './database.ts'
import { clusterMissing, figure, here } from './here.ts'
import {
  administrator,
  makeAdministrator,
  newVisitor,
  password,
  signIn,
  type Visitor,
} from './people.ts'
import { eventually, timed } from './poll.ts'
import { addressOf, domain, origin } from './product.ts'

const missing = clusterMissing()

const idOf = (email: string) => `${email}@${domain}`

const newcomer = (name: string, role: string) => ({
  ...{ idempotencyKey: crypto.randomUUID(), email: idOf(name.toLowerCase()), displayName: name },
  ...{ locale: 'fr', roles: [role], password },
})

const Service = z.object({ service: z.object({ id: z.string() }) })
const Slots = z.object({
  days: z.array(z.object({ slots: z.array(z.object({ token: z.string(), start: z.string() })) })),
})
const Held = z.object({ __typename: z.literal('SlotHeld'), booking: z.object({ id: z.string() }) })
const Confirmed = z.object({
  __typename: z.literal('BookingConfirmed'),
  booking: z.object({ status: z.string(), reference: z.string() }),
})

/** A profile, every day from eight to eight, and one session that costs nothing. */
async function offer(coach: Visitor): Promise<string> {
  await eventually(
    async () => {
      const { upsertCoach } = await coach.ask('SaveProfile', {
        input: {
          ...{ slug: 'lea-cluster', headline: 'Calme', specialties: ['stress'] },
          ...{ languages: ['fr'], published: true },
        },
      })
      return z.object({ __typename: z.literal('CoachUpserted') }).safeParse(upsertCoach).success
    },
    { withinMs: 20_000, what: 'A profile that follows the account' },
  )
  const rule = {
    ...{ rrule: 'FREQ=DAILY', startLocal: '08:00', duration: 'PT12H', validFrom: '2026-01-01' },
  }
  await coach.ask('SaveHours', {
    input: { timeZone: 'Europe/Paris', rules: [rule], expectedVersion: 0 },
    ...{ from: '2026-01-01', to: '2026-01-31', locale: 'fr' },
  })
  const { upsertService } = await coach.ask('SaveService', {
    input: {
      ...{ nameFr: 'Séance', nameEn: 'Session', duration: 'PT1H', capacity: 1 },
      ...{ location: 'ONLINE', minimumNotice: 'PT0M', cancelNotice: 'PT0M' },
    },
  })
  return Service.parse(upsertService).service.id
}

async function freeSlots(person: Visitor, serviceId: string): Promise<string[]> {
  const from = new Date()
  const to = new Date(from.getTime() + 7 * 86_400_000)
  const { slots } = await person.ask('MonthSlots', {
    input: { serviceId, from, to, timeZone: 'Europe/Paris' },
  })
  return Slots.parse(slots).days.flatMap((day) => day.slots.map(({ token }) => token))
}

describe.skipIf(missing !== null)(missing ?? 'people on the product in the cluster', () => {
  beforeAll(async () => {
    await makeAdministrator(here)
  }, 60_000)

  test('signing in goes through Keycloak in the cluster and ends in a session of the gateway', async () => {
    const visitor = newVisitor()
    const { value: page, ms } = await timed(() =>
      visitor.walker.visit(`${origin}/auth/login?returnTo=/`),
    )
    expect(page.url.host).toBe(`login.${domain}`)
    expect(asksFor(page, 'password')).toBe(true)
    const wrong = await visitor.walker.submit(page, {
      username: administrator,
      password: 'nothing',
    })
    expect(await visitor.isSignedIn()).toBe(false)
    const landed = await timed(() =>
      visitor.walker.submit(wrong, { username: administrator, password }),
    )
    expect(landed.value.url.origin).toBe(origin)
    expect(await visitor.isSignedIn()).toBe(true)
    await figure('to the page of Keycloak', `${ms} ms`)
    await figure('from the password to a session', `${landed.ms} ms`)
  }, 60_000)

  test('neither the console of Keycloak nor its accounts are found from outside', async () => {
    for (const path of [
      '/admin/',
      '/admin/realms/plexus/users',
      '/realms/master',
      '/metrics',
      '/health',
    ])
      expect([path, (await fetch(`https://login.${domain}${path}`)).status]).toEqual([path, 404])
    const { status } = await fetch(`https://login.${domain}/realms/plexus`)
    expect(status).toBe(200)
  }, 30_000)

  test('a coach offers a session and a client books it, over HTTPS from end to end', async () => {
    const admin = await signIn(administrator)
    for (const person of [newcomer('Lea', 'COACH'), newcomer('Alice', 'CLIENT')]) {
      const { provisionAccount } = await admin.ask('ProvisionAccount', { input: person })
      expect(provisionAccount).toMatchObject({ __typename: 'AccountProvisioned' })
    }
    const serviceId = await offer(await signIn(idOf('lea')))
    const client = await signIn(idOf('alice'))
    const [slotToken] = await freeSlots(client, serviceId)
    const booked = await timed(async () => {
      const { holdSlot } = await client.ask('HoldSlot', {
        input: { idempotencyKey: crypto.randomUUID(), slotToken },
        locale: 'fr',
      })
      const { confirmBooking } = await client.ask('ConfirmBooking', {
        input: {
          idempotencyKey: crypto.randomUUID(),
          bookingId: Held.parse(holdSlot).booking.id,
        },
        locale: 'fr',
      })
      return Confirmed.parse(confirmBooking).booking
    })
    expect(booked.value.status).toBe('CONFIRMED')
    const kept = await inDatabase(
      here,
      `select count(*) from bookings.booking where reference = '${booked.value.reference}'`,
    )
    expect(kept).toBe('1')
    await figure('holding and confirming', `${booked.ms} ms`)
  }, 120_000)

  test('no program beside the gateway answers for a subgraph', async () => {
    const address = await addressOf(here, 'app', 'bookings')
    const { status, body } = await fetch(`http://${address}:4002/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ __typename }' }),
    }).then(async (response) => ({ status: response.status, body: await response.text() }))
    expect([status, body]).toEqual([401, expect.stringContaining('UNAUTHENTICATED')])
  }, 30_000)
})
