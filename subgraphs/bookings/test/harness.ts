import { fromGlobalId, toGlobalId } from '#kit/id'
import { createLog } from '#kit/log'
import { createMetrics } from '#kit/metrics'
import type { Pool } from '#kit/postgres'
import type { Service } from '#kit/service'
import { type TestDatabase, testDatabase } from '../../../stack/testing/database.ts'
import {
  type Asked,
  ask,
  dataOf,
  testIdentity,
  viewerWith,
} from '../../../stack/testing/subgraph.ts'
import { createBookings } from '../app.ts'
import { configFrom } from '../config.ts'

export type Viewer = ReturnType<typeof viewerWith>
export type Result = { __typename: string; code?: string; path?: string[] | null }
export type Slot = {
  start: string
  end: string
  localStart: string
  seatsLeft: number
  token: string
}
export type Booking = {
  id: string
  reference: string
  status: string
  seats: number
  startsAt: string
  endsAt: string
  holdExpiresAt: string | null
  canCancelUntil: string | null
  version: number
}
export type Held = Result & {
  booking?: Booking
  expiresAt?: string
  deadline?: string | null
  limit?: string
  alternatives?: Slot[]
}

export const bookingFields =
  'id reference status seats startsAt endsAt holdExpiresAt canCancelUntil version'
export const errorFields = '... on UserError { code message path }'

const slotFields = 'start end localStart seatsLeft token'
const slotsQuery = `query ($input: SlotsInput!) { slots(input: $input) {
  __typename ${errorFields}
  ... on Slots { timeZone computedAt days { date slots { ${slotFields} } } }
} }`
const holdMutation = `mutation ($input: HoldSlotInput!) { holdSlot(input: $input) {
  __typename ${errorFields}
  ... on SlotHeld { expiresAt booking { ${bookingFields} } }
  ... on SlotTakenError { alternatives { ${slotFields} } }
  ... on OutsidePolicyError { deadline limit }
} }`
const confirmMutation = `mutation ($input: ConfirmBookingInput!) { confirmBooking(input: $input) {
  __typename ${errorFields}
  ... on BookingConfirmed { booking { ${bookingFields} } }
  ... on HoldExpiredError { expiredAt }
} }`
const cancelMutation = `mutation ($input: CancelInput!) { cancelBooking(input: $input) {
  __typename ${errorFields}
  ... on BookingCancelled { booking { ${bookingFields} } }
  ... on OutsidePolicyError { deadline limit }
  ... on StaleBookingError { current { ${bookingFields} } }
} }`
const releaseMutation = `mutation ($id: ID!) { releaseHold(bookingId: $id) {
  __typename ${errorFields}
  ... on HoldReleased { booking { ${bookingFields} } }
} }`
const serviceMutation = `mutation ($input: UpsertServiceInput!) { upsertService(input: $input) {
  __typename ${errorFields}
  ... on ServiceUpserted { service { id archived } }
} }`
const hoursMutation = `mutation ($input: SetAvailabilityInput!) { setAvailability(input: $input) {
  __typename ${errorFields}
  ... on AvailabilitySet {
    availability { version timeZone rules { rrule startLocal duration validFrom validTo } }
    conflictingBookings { id }
  }
} }`

/** A Monday, some weeks before the tests' bookings. */
export const today = '2027-06-07T06:00:00.000Z'
/** The Tuesday after, at 09:00 in Paris. */
export const tomorrowAtNine = '2027-06-08T07:00:00.000Z'

export const weekdays = {
  timeZone: 'Europe/Paris',
  rules: [
    {
      rrule: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
      startLocal: '09:00',
      duration: 'PT8H',
      validFrom: '2027-01-01',
    },
  ],
  expectedVersion: 0,
}

export type Variables = Record<string, unknown>

export const slotSecret = 'only-for-tests-and-long-enough-for-a-mac'

export const key = () => crypto.randomUUID()

/** The subgraph on a database of its own, with a clock that the test moves. */
export class Harness {
  static async start() {
    const db = await testDatabase()
    const harness = new Harness(db)
    await harness.#open()
    return harness
  }

  readonly db: TestDatabase
  readonly admin: Pool
  service: Service | null = null
  statements: string[] = []
  #at = Date.parse(today)
  #minter: Awaited<ReturnType<typeof testIdentity>>['minter'] | null = null

  constructor(db: TestDatabase) {
    this.db = db
    this.admin = db.connectAdmin()
  }

  readonly now = () => new Date(this.#at)
  readonly setClock = (text: string) => {
    this.#at = Date.parse(text)
  }
  readonly pass = (minutes: number) => {
    this.#at += minutes * 60_000
  }

  async #open() {
    const { publicJwks, minter } = await testIdentity(this.now)
    this.service = createBookings({
      config: configFrom({
        DATABASE_URL: this.db.url('bookings'),
        IDENTITY_PUBLIC_JWKS: JSON.stringify({ keys: publicJwks }),
        SLOT_TOKEN_SECRET: slotSecret,
        STATEMENT_TIMEOUT_MS: '30000',
        HOLD_SWEEP_SECONDS: '3600',
        HEARTBEAT_MS: '50',
      }),
      log: createLog({ service: 'bookings', level: 'silent' }),
      metrics: createMetrics('bookings'),
      now: this.now,
      onStatement: (text) => this.statements.push(text),
    })
    this.#minter = minter
  }

  async stop() {
    await this.service?.stop()
    await this.db.drop()
  }

  get target() {
    if (!this.#minter || !this.service) throw new Error('The harness was not started.')
    return { fetch: this.service.fetch, name: 'bookings', minter: this.#minter }
  }

  async ask(viewer: Viewer | null, query: string, variables: Variables = {}): Promise<Asked> {
    return ask(this.target, viewer, { query, variables })
  }

  async field<T>(viewer: Viewer | null, query: string, variables: Variables): Promise<T> {
    const [first] = Object.values(
      dataOf<Record<string, T>>(await this.ask(viewer, query, variables)),
    )
    if (first === undefined) throw new Error('The answer has no field.')
    return first
  }

  setHours(coach: Viewer, change: Variables = {}) {
    const input = { ...weekdays, ...change }
    type HoursSet = Result & {
      availability?: { version: number; rules: unknown[] }
      conflictingBookings?: { id: string }[]
    }
    return this.field<HoursSet>(coach, hoursMutation, { input })
  }

  upsertService(coach: Viewer, change: Variables = {}) {
    const input = { nameFr: 'Respiration', nameEn: 'Breathing', duration: 'PT1H', ...change }
    return this.field<Result & { service?: { id: string; archived: boolean } }>(
      coach,
      serviceMutation,
      { input },
    )
  }

  /** A coach with weekday hours in Paris and one service. */
  async coachWithService(change: Variables = {}, hours: Variables = {}) {
    const coach = viewerWith(['COACH'])
    await this.setHours(coach, hours)
    const { service } = await this.upsertService(coach, { minimumNotice: 'PT0M', ...change })
    if (!service) throw new Error('The service was refused.')
    return { coach, serviceId: service.id, coachId: toGlobalId('Coach', coach.id) }
  }

  slotsResult(input: Variables) {
    const asked = {
      from: '2027-06-08T00:00:00+02:00',
      to: '2027-06-09T00:00:00+02:00',
      timeZone: 'Europe/Paris',
      ...input,
    }
    return this.field<Result & { days?: { date: string; slots: Slot[] }[] }>(null, slotsQuery, {
      input: asked,
    })
  }

  async slots(serviceId: string, change: Variables = {}): Promise<Slot[]> {
    const { days = [] } = await this.slotsResult({ serviceId, ...change })
    return days.flatMap((day) => day.slots)
  }

  async slotAt(serviceId: string, start: string): Promise<Slot> {
    const to = new Date(Date.parse(start) + 1).toISOString()
    const [slot] = await this.slots(serviceId, { from: start, to })
    if (!slot) throw new Error(`No slot at ${start}.`)
    return slot
  }

  hold(viewer: Viewer | null, slotToken: string, change: Variables = {}) {
    const input = { idempotencyKey: key(), slotToken, ...change }
    return this.field<Held>(viewer, holdMutation, { input })
  }

  confirm(viewer: Viewer, bookingId: string, idempotencyKey = key()) {
    const input = { bookingId, idempotencyKey }
    return this.field<Held & { expiredAt?: string }>(viewer, confirmMutation, { input })
  }

  cancel(viewer: Viewer, bookingId: string, change: Variables = {}) {
    const input = { bookingId, idempotencyKey: key(), expectedVersion: 2, ...change }
    return this.field<Held & { current?: Booking }>(viewer, cancelMutation, { input })
  }

  release(viewer: Viewer, id: string) {
    return this.field<Held>(viewer, releaseMutation, { id })
  }

  /** The price as billing would tell it, for a test that does not listen to billing. */
  async price(serviceId: string, amount: number, currency = 'EUR') {
    const id = fromGlobalId('Service', serviceId)
    await this.admin`
      insert into bookings.service_price (service_id, amount_minor, currency, version)
      values (${id}, ${amount}, ${currency}, 1)`
  }

  /** A held booking of a new client, or of the given one. */
  async held(serviceId: string, start = tomorrowAtNine, client = viewerWith(['CLIENT'])) {
    const { token } = await this.slotAt(serviceId, start)
    const { booking } = await this.hold(client, token)
    if (!booking) throw new Error('The hold was refused.')
    return { client, booking }
  }

  async booked(serviceId: string, start = tomorrowAtNine, client = viewerWith(['CLIENT'])) {
    const { booking } = await this.held(serviceId, start, client)
    await this.confirm(client, booking.id)
    return { client, booking }
  }

  /** Topics of the events told of one entity, oldest first. */
  async topics(entityId: string): Promise<string[]> {
    const rows = await this.admin<{ topic: string }[]>`
      select topic from bookings.outbox where entity_id = ${entityId} order by seq`
    return rows.map(({ topic }) => topic)
  }
}
