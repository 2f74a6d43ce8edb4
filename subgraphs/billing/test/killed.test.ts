import { afterAll, beforeAll, expect, test } from 'bun:test'
import { resolve } from 'node:path'
import type { Bus } from '#kit/bus'
import { createEmbeddedBus } from '#kit/bus.embedded'
import { toGlobalId } from '#kit/id'
import { createLog } from '#kit/log'
import { freePort } from '../../../stack/ports.ts'
import { type TestDatabase, testDatabase } from '../../../stack/testing/database.ts'
import { payAt, type TestSandbox, testSandbox } from '../../../stack/testing/stripe.ts'
import { ask, dataOf, testIdentity, viewerWith } from '../../../stack/testing/subgraph.ts'
import { until } from './harness.ts'

let db: TestDatabase
let box: TestSandbox
let bus: Bus
let identity: Awaited<ReturnType<typeof testIdentity>>
let origin: string
let process: Bun.Subprocess | null = null

beforeAll(async () => {
  db = await testDatabase()
  box = testSandbox()
  identity = await testIdentity()
  const log = createLog({ service: 'bookings', level: 'silent' })
  bus = await createEmbeddedBus({ url: db.url('bookings'), service: 'bookings', log })
}, 30_000)
afterAll(async () => {
  process?.kill('SIGKILL')
  await bus.stop()
  await box.stop()
  await db.drop()
})

/** The service alone in a process, as it runs in production. */
async function run() {
  const [port, metricsPort] = [await freePort(), await freePort()]
  origin = `http://127.0.0.1:${port}`
  process = Bun.spawn(['bun', resolve(import.meta.dir, '../main.ts')], {
    stdout: 'ignore',
    stderr: 'ignore',
    env: {
      PATH: Bun.env.PATH ?? '',
      PORT: String(port),
      METRICS_PORT: String(metricsPort),
      LISTEN_HOST: '127.0.0.1',
      DATABASE_URL: db.url('billing'),
      IDENTITY_PUBLIC_JWKS: JSON.stringify({ keys: identity.publicJwks }),
      PUBLIC_ORIGIN: 'https://plexus.example',
      STRIPE_SECRET_KEY: box.secretKey,
      STRIPE_WEBHOOK_SECRET: box.webhookSecret,
      STRIPE_API_URL: box.sandbox.origin,
      BOOKING_WAIT_MS: '8000',
    },
  })
  await until(async () => (await fetch(`${origin}/readyz`).catch(() => null))?.ok ?? false)
}

async function kill() {
  process?.kill('SIGKILL')
  await process?.exited
}

async function send(request: Request) {
  const { pathname } = new URL(request.url)
  return fetch(`${origin}${pathname}`, {
    method: 'POST',
    headers: request.headers,
    body: await request.text(),
  })
}

const client = viewerWith(['CLIENT'])
const target = () => ({ fetch: send, name: 'billing', minter: identity.minter })

const mutate = async (viewer: typeof client, query: string, input: object) => {
  const variables = { input }
  const data = dataOf<Record<string, unknown>>(await ask(target(), viewer, { query, variables }))
  return Object.values(data)[0]
}

const startMutation = `mutation ($input: StartCheckoutInput!) { startCheckout(input: $input) {
  __typename ... on CheckoutStarted { redirectUrl payment { id } } } }`
const refundMutation = `mutation ($input: RefundInput!) { refundPayment(input: $input) {
  __typename ... on Refunded { payment { status } } } }`

const made = async (what: string): Promise<{ amount?: number }[]> =>
  (await (await box.call(`GET /v1/${what}?limit=100`)).json()).data

/** Asks, kills the service while Stripe is at it, and lets Stripe finish its work. */
async function killedWhile(on: RegExp, asking: () => Promise<unknown>) {
  const held = box.sandbox.control.hold(on)
  const lost = asking().then(
    () => 'answered',
    () => 'lost',
  )
  await held.arrived
  await kill()
  held.release()
  expect(await lost).toBe('lost')
}

test('[FC-30] killed between the call and the commit: charged once, given back once', async () => {
  await run()
  const bookingId = Bun.randomUUIDv7()
  const facts = {
    serviceId: Bun.randomUUIDv7(),
    coachId: crypto.randomUUID(),
    clientId: client.id,
    startsAt: '2099-01-01T09:00:00.000Z',
    holdExpiresAt: new Date(Date.now() + 600_000).toISOString(),
    price: { amount: 4_500, currency: 'EUR' },
    serviceName: { fr: 'Respiration', en: 'Breathing' },
    version: 1,
  }
  const event = { id: Bun.randomUUIDv7(), topic: 'bookings.booking-held', entityId: bookingId }
  await bus.publish([{ ...event, payload: facts, headers: {}, at: new Date() }])

  const checkout = {
    idempotencyKey: crypto.randomUUID(),
    bookingId: toGlobalId('Booking', bookingId),
  }
  await killedWhile(/^POST \/v1\/checkout\/sessions$/, () =>
    mutate(client, startMutation, checkout),
  )
  await until(async () => (await made('checkout/sessions')).length === 1)
  const sql = db.connectAdmin()
  expect(await sql`select status, checkout_id from billing.payment`).toMatchObject([
    { status: 'REQUIRES_ACTION', checkoutId: null },
  ])
  await run()
  const again = await mutate(client, startMutation, checkout)
  expect(again).toMatchObject({ __typename: 'CheckoutStarted' })
  expect(await made('checkout/sessions')).toHaveLength(1)

  const [session] = await sql<{ checkoutUrl: string; id: string }[]>`
    select id, checkout_url from billing.payment`
  await payAt(session?.checkoutUrl ?? '', 'good')
  for (const { body, signature } of await box.told()) {
    const headers = { 'stripe-signature': signature }
    const response = await fetch(`${origin}/webhooks/stripe`, { method: 'POST', headers, body })
    expect(response.status).toBe(200)
  }
  const refund = {
    idempotencyKey: crypto.randomUUID(),
    paymentId: toGlobalId('Payment', session?.id ?? ''),
    amount: 1_000,
    reason: 'A class that was shorter',
  }
  const admin = viewerWith(['ADMIN'])
  await killedWhile(/^POST \/v1\/refunds$/, () => mutate(admin, refundMutation, refund))
  await until(async () => (await made('refunds')).length === 1)
  await run()
  expect(await mutate(admin, refundMutation, refund)).toMatchObject({
    payment: { status: 'PARTIALLY_REFUNDED' },
  })
  expect((await made('refunds')).map(({ amount }) => amount)).toEqual([1_000])
  expect(await sql`select refunded from billing.payment`).toMatchObject([{ refunded: 1_000 }])
}, 180_000)
