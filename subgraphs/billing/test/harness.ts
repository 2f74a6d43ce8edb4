import type { Bus } from '#kit/bus'
import { createEmbeddedBus } from '#kit/bus.embedded'
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
import { createBilling } from '../app.ts'
import { configFrom } from '../config.ts'
import type { PaymentProvider } from '../payment/provider.ts'
import { FakeProvider } from './fake-provider.ts'

export type Viewer = ReturnType<typeof viewerWith>
export type Money = { amount: number; currency: string }
export type Payment = {
  id: string
  status: string
  amount: Money
  refunded: Money
  failureCode: string | null
}
export type Result = { __typename: string; code?: string; message?: string; path?: string[] | null }
export type Started = Result & { payment?: Payment; redirectUrl?: string; expiresAt?: string }
export type Refunded = Result & { payment?: Payment; refundable?: Money }
export type Delivery = {
  id: string
  eventId: string
  type: string
  status: string
  attempts: number
  lastError: string | null
}

const errorFields = '... on UserError { code message path }'
const paymentFields =
  'id status amount { amount currency } refunded { amount currency } failureCode createdAt'
const deliveryFields = 'id provider eventId type receivedAt status attempts lastError'
const setPriceMutation = `mutation ($input: SetServicePriceInput!) { setServicePrice(input: $input) {
  __typename ${errorFields} ... on ServicePriced { service { id price { amount currency } } } } }`
const startMutation = `mutation ($input: StartCheckoutInput!) { startCheckout(input: $input) {
  __typename ${errorFields}
  ... on CheckoutStarted { redirectUrl expiresAt payment { ${paymentFields} } } } }`
const refundMutation = `mutation ($input: RefundInput!) { refundPayment(input: $input) {
  __typename ${errorFields}
  ... on Refunded { payment { ${paymentFields} } }
  ... on RefundTooLargeError { refundable { amount currency } } } }`
const replayMutation = `mutation ($deliveryId: ID!) { replayWebhook(deliveryId: $deliveryId) {
  __typename ${errorFields} ... on WebhookReplayed { delivery { ${deliveryFields} } } } }`
const deliveriesQuery = `query ($first: Int = 100, $after: String) {
  webhookDeliveries(first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } edges { node { ${deliveryFields} } } } }`
const entities = `query ($refs: [_Any!]!) { _entities(representations: $refs) {
  ... on Booking { payment { ${paymentFields} } }
  ... on Service { price { amount currency } } } }`

export const today = '2027-06-07T06:00:00.000Z'
const startsAt = '2027-06-09T07:00:00.000Z'
export const key = () => crypto.randomUUID()

/** What `bookings` tells of a booking. */
export type Told = {
  bookingId: string
  client: Viewer
  coach: Viewer
  price: Money | null
  version: number
}

type Options = {
  waitMs?: number
  provider?: (fake: FakeProvider, now: () => Date) => PaymentProvider
}

/** The subgraph on a database of its own, with a provider in memory and a clock that the test moves. */
export class Harness {
  static async start({ waitMs = 2_000, provider }: Options = {}) {
    const db = await testDatabase()
    const harness = new Harness(db)
    const { publicJwks, minter } = await testIdentity(harness.now)
    harness.#minter = minter
    harness.service = createBilling({
      config: configFrom({
        DATABASE_URL: db.url('billing'),
        IDENTITY_PUBLIC_JWKS: JSON.stringify({ keys: publicJwks }),
        PUBLIC_ORIGIN: 'https://plexus.example',
        STRIPE_SECRET_KEY: 'sk_test_nobody',
        STRIPE_WEBHOOK_SECRET: 'whsec_nobody',
        BOOKING_WAIT_MS: String(waitMs),
        STATEMENT_TIMEOUT_MS: '10000',
        WORK_MS: '20',
      }),
      provider: provider?.(harness.stripe, harness.now) ?? harness.stripe,
      log: createLog({ service: 'billing', level: 'silent' }),
      metrics: createMetrics('billing'),
      now: harness.now,
      onStatement: (text) => harness.statements.push(text),
    })
    await harness.service.start()
    const log = createLog({ service: 'bookings', level: 'silent' })
    harness.#bus = await createEmbeddedBus({ url: db.url('bookings'), service: 'bookings', log })
    return harness
  }

  readonly db: TestDatabase
  readonly admin: Pool
  readonly stripe: FakeProvider
  service: Service | null = null
  statements: string[] = []
  #bus: Bus | null = null
  #minter: Awaited<ReturnType<typeof testIdentity>>['minter'] | null = null
  #at = Date.parse(today)

  constructor(db: TestDatabase) {
    this.db = db
    this.admin = db.connectAdmin()
    this.stripe = new FakeProvider(this.now)
  }

  readonly now = () => new Date(this.#at)
  readonly pass = (minutes: number) => {
    this.#at += minutes * 60_000
  }

  async stop() {
    await this.#bus?.stop()
    await this.service?.stop()
    await this.db.drop()
  }

  async ask(viewer: Viewer | null, query: string, variables: object = {}): Promise<Asked> {
    if (!this.#minter || !this.service) throw new Error('The harness was not started.')
    const target = { fetch: this.service.fetch, name: 'billing', minter: this.#minter }
    return ask(target, viewer, { query, variables: { ...variables } })
  }

  async #field<T>(viewer: Viewer | null, query: string, variables: object): Promise<T> {
    const [first] = Object.values(
      dataOf<Record<string, T>>(await this.ask(viewer, query, variables)),
    )
    if (first === undefined) throw new Error('The answer has no field.')
    return first
  }

  /** An event of bookings on the bus. */
  async tell(
    topic: string,
    entityId: string,
    payload: Record<string, string | number | boolean | null | object>,
  ) {
    const event = {
      id: Bun.randomUUIDv7(),
      topic: `bookings.${topic}`,
      entityId,
      headers: {},
      at: this.now(),
    }
    // The payload is JSON by how the tests build it.
    await this.#bus?.publish([{ ...event, payload: JSON.parse(JSON.stringify(payload)) }])
  }

  /** A service of a coach that this room has heard of. */
  async serviceOf(coach: Viewer) {
    const serviceId = Bun.randomUUIDv7()
    const name = { fr: 'Respiration', en: 'Breathing' }
    await this.tell('service-changed', serviceId, {
      serviceId,
      coachId: coach.id,
      name,
      archived: false,
    })
    return toGlobalId('Service', serviceId)
  }

  /** A booking as bookings tells of it, in a new version. */
  async tellBooking(change: string, told: Told, more: Record<string, string | object | null> = {}) {
    told.version += 1
    await this.tell(`booking-${change}`, told.bookingId, {
      reference: '7F3K29QX',
      serviceId: Bun.randomUUIDv7(),
      coachId: told.coach.id,
      clientId: told.client.id,
      seats: 1,
      startsAt,
      endsAt: '2027-06-09T08:00:00.000Z',
      timeZone: 'Europe/Paris',
      serviceName: { fr: 'Respiration', en: 'Breathing' },
      location: 'ONLINE',
      price: told.price,
      holdExpiresAt: new Date(this.#at + 600_000).toISOString(),
      version: told.version,
      ...more,
    })
  }

  async held(price: Money | null = { amount: 4_500, currency: 'EUR' }): Promise<Told> {
    const told = {
      bookingId: Bun.randomUUIDv7(),
      client: viewerWith(['CLIENT']),
      coach: viewerWith(['COACH']),
      price,
      version: 0,
    }
    await this.tellBooking('held', told)
    return told
  }

  setPrice(coach: Viewer, serviceId: string, price: Partial<Money>) {
    type Priced = Result & { service?: { price: Money | null } }
    return this.#field<Priced>(coach, setPriceMutation, { input: { serviceId, ...price } })
  }

  start(viewer: Viewer, { bookingId }: Told, change: object = {}) {
    const input = { idempotencyKey: key(), bookingId: toGlobalId('Booking', bookingId), ...change }
    return this.#field<Started>(viewer, startMutation, { input })
  }

  /** A checkout that its client may now pay. */
  async started(told?: Told) {
    const booking = told ?? (await this.held())
    const answer = await this.start(booking.client, booking)
    if (!answer.payment) throw new Error(`Refused: ${JSON.stringify(answer)}`)
    const checkoutId = answer.redirectUrl?.split('/').at(-1) ?? ''
    return { booking, payment: answer.payment, checkoutId }
  }

  /** A booking whose payment has come, and bookings has heard of it. */
  async paid() {
    const started = await this.started()
    this.stripe.pay(started.checkoutId)
    await this.webhook(this.event('checkout.session.completed', started))
    await this.tellBooking('confirmed', started.booking)
    return started
  }

  refund(viewer: Viewer, payment: Payment, change: object = {}) {
    const input = { idempotencyKey: key(), paymentId: payment.id, reason: 'Kindness', ...change }
    return this.#field<Refunded>(viewer, refundMutation, { input })
  }

  replay(viewer: Viewer, deliveryId: string) {
    return this.#field<Result & { delivery?: Delivery }>(viewer, replayMutation, { deliveryId })
  }

  async deliveries(viewer: Viewer, page: object = {}) {
    type Page = {
      totalCount: number
      pageInfo: { hasNextPage: boolean; endCursor: string }
      edges: { node: Delivery }[]
    }
    return this.#field<Page>(viewer, deliveriesQuery, page)
  }

  async paymentOf(viewer: Viewer | null, { bookingId }: Told): Promise<Payment | null> {
    const refs = [{ __typename: 'Booking', id: toGlobalId('Booking', bookingId) }]
    const [entity] = await this.#field<({ payment: Payment | null } | null)[]>(viewer, entities, {
      refs,
    })
    return entity?.payment ?? null
  }

  async priceOf(serviceId: string): Promise<Money | null> {
    const refs = [{ __typename: 'Service', id: serviceId }]
    const [entity] = await this.#field<({ price: Money | null } | null)[]>(null, entities, { refs })
    return entity?.price ?? null
  }

  /** An event of the provider about a checkout, as the fake tells it. */
  event(type: string, { checkoutId }: { checkoutId: string }, change: object = {}) {
    return { id: `evt_${key()}`, type, createdAt: this.now(), checkoutId, ...change }
  }

  async send(body: string, headers: Record<string, string> = {}, method = 'POST') {
    if (!this.service) throw new Error('The harness was not started.')
    const init = { method, headers, ...(method === 'POST' && { body }) }
    return this.service.fetch(new Request('http://billing/webhooks/stripe', init))
  }

  /** A delivery as the provider signs it. Its status. */
  async webhook(event: object): Promise<number> {
    const body = JSON.stringify(event)
    const response = await this.send(body, { 'stripe-signature': this.stripe.sign(body) })
    return response.status
  }

  /** Events told under that topic about a payment or a service, oldest first. */
  async told(topic: string, globalId: string) {
    const type = topic.startsWith('price') ? 'Service' : 'Payment'
    const rows = await this.admin<{ payload: Record<string, unknown> }[]>`
      select payload from billing.outbox
      where topic = ${`billing.${topic}`} and entity_id = ${fromGlobalId(type, globalId)} order by seq`
    return rows.map(({ payload }) => payload)
  }
}

/** Waits for what happens by itself; throws after half a minute: a process starts slowly on a busy machine. */
export async function until(holds: () => Promise<boolean> | boolean) {
  const deadline = Date.now() + 30_000
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('It did not happen within half a minute.')
    await Bun.sleep(10)
  }
}
