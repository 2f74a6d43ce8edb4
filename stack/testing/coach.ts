import type { Person } from './person.ts'

const upsertCoach = `mutation ($input: UpsertCoachInput!) { upsertCoach(input: $input) {
  __typename ... on CoachUpserted { coach { id slug } } ... on UserError { message path } } }`
const setAvailability = `mutation ($input: SetAvailabilityInput!) { setAvailability(input: $input) {
  __typename ... on UserError { message path } } }`
const upsertService = `mutation ($input: UpsertServiceInput!) { upsertService(input: $input) {
  __typename ... on ServiceUpserted { service { id } } ... on UserError { message path } } }`

type Written<Field extends string, Value = object> = Record<Field, { __typename: string } & Value>

export type Offer = { slug: string; coachId: string; serviceId: string }
type ServiceInput = {
  capacity?: number
  duration?: string
  minimumNotice?: string
  cancelNotice?: string
}

/** A coach publishes a profile, opens every day from 08:00 to 20:00 in Paris, and offers one service. */
export async function offerSessions(
  coach: Person,
  { slug, ...service }: { slug: string } & ServiceInput,
): Promise<Offer> {
  const profile = {
    slug,
    headline: 'Calme',
    specialties: ['stress'],
    languages: ['fr'],
    published: true,
  }
  const coached = await coach.ask<Written<'upsertCoach', { coach: { id: string } }>>(upsertCoach, {
    input: profile,
  })
  const rule = {
    rrule: 'FREQ=DAILY',
    startLocal: '08:00',
    duration: 'PT12H',
    validFrom: '2026-01-01',
  }
  const hours = { timeZone: 'Europe/Paris', rules: [rule], expectedVersion: 0 }
  await coach.ask(setAvailability, { input: hours })
  const input = {
    ...{ nameFr: 'Séance', nameEn: 'Session', duration: 'PT1H', capacity: 1 },
    ...{ minimumNotice: 'PT0M', cancelNotice: 'PT0M' },
    ...service,
  }
  const offered = await coach.ask<Written<'upsertService', { service: { id: string } }>>(
    upsertService,
    { input },
  )
  return {
    slug,
    coachId: coached.upsertCoach.coach.id,
    serviceId: offered.upsertService.service.id,
  }
}

export type Slot = { start: string; token: string; seatsLeft: number }

const slotsQuery = `query ($input: SlotsInput!) { slots(input: $input) {
  __typename ... on Slots { days { slots { start token seatsLeft } } } ... on UserError { message } } }`

/** The starts that may be held in the next `days` days. */
export async function slotsOf(person: Person, serviceId: string, days = 7): Promise<Slot[]> {
  const from = new Date()
  const to = new Date(from.getTime() + days * 86_400_000)
  const input = { serviceId, from, to, timeZone: 'Europe/Paris' }
  const { slots } = await person.ask<{ slots: { days: { slots: Slot[] }[] } }>(slotsQuery, {
    input,
  })
  return slots.days.flatMap((day) => day.slots)
}

export const holdSlot = `mutation ($input: HoldSlotInput!) { holdSlot(input: $input) {
  __typename
  ... on SlotHeld { booking { id version status } expiresAt }
  ... on SlotTakenError { alternatives { start token } }
  ... on UserError { code message }
} }`

const setServicePrice = `mutation ($input: SetServicePriceInput!) { setServicePrice(input: $input) {
  __typename ... on UserError { message path } } }`

/** Sets a price and waits until holding a slot costs it. */
export async function priceSessions(
  coach: Person,
  serviceId: string,
  amount: number,
): Promise<void> {
  await coach.ask(setServicePrice, { input: { serviceId, amount } })
}
