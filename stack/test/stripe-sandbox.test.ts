import { afterEach, expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Stripe } from 'stripe'
import { checkoutOf } from '../../subgraphs/billing/payment/provider.contract.ts'
import { startStripeSandbox } from '../stripe/sandbox.ts'
import { cardNumbers, payAt, submit, type TestSandbox, testSandbox } from '../testing/stripe.ts'

const opened: TestSandbox[] = []
function open(options?: Parameters<typeof testSandbox>[0]) {
  const one = testSandbox(options)
  opened.push(one)
  return one
}
afterEach(async () => {
  for (const one of opened.splice(0)) await one.stop()
})

const clockAt = (text: string) => {
  const clock = { at: new Date(text) }
  return {
    now: () => clock.at,
    forward: (seconds: number) => {
      clock.at = new Date(clock.at.getTime() + seconds * 1_000)
    },
  }
}

const key = (value: string) => ({ 'idempotency-key': value })

test('a key with the same parameters gets the stored answer, with others a refusal', async () => {
  const { call, sandbox } = open()
  const line = 'POST /v1/customers'
  const first = await call(line, { email: 'a@test.example' }, key('one'))
  const again = await call(line, { email: 'a@test.example' }, key('one'))
  expect(first.headers.get('idempotent-replayed')).toBeNull()
  expect(again.headers.get('idempotent-replayed')).toBe('true')
  expect(await again.json()).toEqual(await first.json())
  const other = await call(line, { email: 'b@test.example' }, key('one'))
  expect(other.status).toBe(400)
  expect(await other.json()).toMatchObject({ error: { type: 'idempotency_error' } })
  const elsewhere = await call('POST /v1/products', { name: 'Yoga' }, key('one'))
  expect(elsewhere.status).toBe(400)
  expect(sandbox.store.all('customer')).toHaveLength(1)
})

test('a key whose call is still being answered is in use', async () => {
  const { call, sandbox } = open()
  const held = sandbox.control.hold(/customers/)
  const first = call('POST /v1/customers', {}, key('slow'))
  await held.arrived
  const second = await call('POST /v1/customers', {}, key('slow'))
  expect(second.status).toBe(409)
  expect(await second.json()).toMatchObject({ error: { code: 'idempotency_key_in_use' } })
  held.release()
  expect((await first).status).toBe(200)
  const third = await call('POST /v1/customers', {}, key('slow'))
  expect(third.headers.get('idempotent-replayed')).toBe('true')
})

test('a key is free again when its parameters were refused, and after a day', async () => {
  const { now, forward } = clockAt('2027-01-04T09:00:00Z')
  const { call } = open({ now })
  expect((await call('POST /v1/products', { nam: 'x' }, key('k'))).status).toBe(400)
  expect((await call('POST /v1/products', { name: 'x' }, key('k'))).status).toBe(200)
  forward(24 * 3_600)
  expect((await call('POST /v1/products', { name: 'y' }, key('k'))).status).toBe(200)
})

test('who has no key, or another one, gets in nowhere', async () => {
  const { sandbox, secretKey } = open()
  const url = `${sandbox.origin}/v1/customers`
  const tries = [{}, { authorization: 'Bearer sk_test_x' }, { authorization: 'Basic !' }]
  for (const headers of tries) {
    const answer = await fetch(url, { headers })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('request-id')).toStartWith('req_')
  }
  const basic = Buffer.from(`${secretKey}:`).toString('base64')
  expect((await fetch(url, { headers: { authorization: `Basic ${basic}` } })).status).toBe(200)
})

test.each([
  ['POST /v1/products', { name: 'x', colour: 'red' }, 'parameter_unknown', 'colour'],
  ['POST /v1/products', {}, 'parameter_missing', 'name'],
  ['POST /v1/products', { 'name[a]': 'x' }, 'parameter_invalid', 'name'],
  ['POST /v1/products', { 'metadata[__proto__]': 'x', name: '' }, 'parameter_invalid', 'name'],
  ['POST /v1/refunds', { payment_intent: 'pi_none' }, 'resource_missing', 'payment_intent'],
  ['POST /v1/refunds', { charge: 'x', amount: '1.5' }, 'parameter_invalid_integer', 'amount'],
  ['GET /v1/customers/cus_none', {}, 'resource_missing', 'id'],
  ['GET /v1/events?starting_after=x', {}, 'resource_missing', 'starting_after'],
  ['GET /v1/events?limit=1000', {}, 'parameter_invalid', 'limit'],
])('%s with %p is refused as Stripe does: %s, %s', async (line, body, code, param) => {
  const { call } = open()
  const answer = await call(line, body)
  expect(await answer.json()).toMatchObject({
    error: { type: 'invalid_request_error', code, param, message: expect.any(String) },
  })
})

const session = {
  ...{ mode: 'payment', success_url: 'https://a.example' },
  'line_items[0][price_data][currency]': 'eur',
  'line_items[0][price_data][unit_amount]': '900',
  'line_items[0][price_data][product_data][name]': 'Yoga',
}

test.each([
  [{ success_url: 'javascript:alert(1)' }, 'Not a valid URL: success_url'],
  [{ expires_at: '1' }, 'at least 30 minutes'],
  [{ expires_at: '9999999999' }, 'less than 24 hours'],
  [{ 'line_items[0][price_data][unit_amount]': '49' }, 'at least 50 cents'],
  [{ 'line_items[1][price]': 'price_none' }, 'No such price'],
  [{ customer: 'cus_none' }, 'No such customer'],
  [{ 'a[b': 'c' }, 'is malformed'],
])('a session with %p is refused: %s', async (change, message) => {
  const { call, sandbox } = open()
  const answer = await call('POST /v1/checkout/sessions', { ...session, ...change })
  expect(answer.status).toBeGreaterThanOrEqual(400)
  expect((await answer.json()).error.message).toContain(message)
  expect(sandbox.store.all('product')).toEqual([])
})

test('lists are paged both ways, and ids become objects on demand', async () => {
  const { sandbox, secretKey, provider, now } = open()
  const { hostname, port } = new URL(sandbox.origin)
  const stripe = new Stripe(secretKey, { host: hostname, port, protocol: 'http' })
  for (let count = 0; count < 25; count += 1) await stripe.customers.create({ name: `${count}` })
  const all = await stripe.customers.list({ limit: 10 }).autoPagingToArray({ limit: 100 })
  expect(all.map(({ name }) => Number(name))).toEqual(Array.from({ length: 25 }, (_, i) => 24 - i))
  const back = await stripe.customers.list({ limit: 3, ending_before: all[10]?.id ?? '' })
  expect(back.data.map(({ id }) => id)).toEqual(all.slice(7, 10).map(({ id }) => id))
  expect(back.has_more).toBe(true)
  const { checkoutId, url } = await provider.createCheckout(checkoutOf(now()))
  await payAt(url, 'good')
  const whole = await stripe.checkout.sessions.retrieve(checkoutId, {
    expand: ['line_items', 'payment_intent.latest_charge'],
  })
  expect(whole.line_items?.data).toMatchObject([{ amount_total: 6_000, quantity: 1 }])
  expect(whole.payment_intent).toMatchObject({ latest_charge: { object: 'charge', paid: true } })
  const [listed] = (await stripe.checkout.sessions.list({ expand: ['data.payment_intent'] })).data
  expect(listed?.payment_intent).toMatchObject({ object: 'payment_intent' })
  await expect(
    stripe.checkout.sessions.retrieve(checkoutId, { expand: ['weather'] }),
  ).rejects.toThrow('cannot be expanded (weather)')
})

test('a session ends when its time has come, tells so, and cancels what was begun', async () => {
  const { now, forward } = clockAt('2027-01-04T09:00:00Z')
  const { provider, told, ear } = open({ now })
  const { checkoutId, url, expiresAt } = await provider.createCheckout(checkoutOf(now()))
  await payAt(url, 'poor')
  const seconds = (expiresAt.getTime() - now().getTime()) / 1_000
  forward(seconds - 1)
  expect(await provider.checkout(checkoutId)).toMatchObject({ state: 'OPEN' })
  forward(1)
  expect(await provider.checkout(checkoutId)).toMatchObject({ state: 'EXPIRED' })
  expect((await fetch(url)).status).toBe(410)
  expect(await payAt(url, 'good')).toBeNull()
  await told()
  expect(ear.typesTold().slice(-2)).toEqual(['payment_intent.canceled', 'checkout.session.expired'])
})

test('an endpoint that is down is tried again, later each time, with a signature of then', async () => {
  const { now, forward } = clockAt('2027-01-04T09:00:00Z')
  const { call, told, ear, webhookSecret } = open({ now })
  ear.answers.status = 500
  await call('POST /v1/customers')
  await told()
  ear.answers.status = 200
  expect(await told()).toHaveLength(0)
  forward(1)
  ear.answers.status = 302
  await told()
  forward(1)
  ear.answers.status = 200
  expect(await told()).toHaveLength(0)
  forward(1)
  const [event] = await told()
  if (!event) throw new Error('Nothing was told.')
  const parsed = await new Stripe('sk_test_x').webhooks.constructEventAsync(
    ...([event.body, event.signature, webhookSecret, 1, undefined, now().getTime()] as const),
  )
  expect(parsed).toMatchObject({ type: 'customer.created', livemode: false })
  forward(100_000)
  expect(await told()).toHaveLength(1)
})

test('events are held back, shuffled, doubled and lost when a test asks for it', async () => {
  const { provider, sandbox, ear, now, told } = open()
  sandbox.delivery.hold()
  const { url } = await provider.createCheckout(checkoutOf(now()))
  await payAt(url, 'good')
  expect(await told()).toEqual([])
  await sandbox.delivery.release({
    ...{ shuffled: true, copies: 2 },
    drop: ({ type }) => type.startsWith('product') || type.startsWith('price'),
  })
  expect(ear.typesTold()).toEqual([
    ...['checkout.session.completed', 'payment_intent.succeeded', 'charge.succeeded'],
    ...['payment_intent.created', 'checkout.session.completed', 'payment_intent.succeeded'],
    ...['charge.succeeded', 'payment_intent.created'],
  ])
  const [event] = sandbox.store.all('event')
  expect(await sandbox.delivery.resend(event?.id ?? '')).toBe(200)
  expect(await told()).toHaveLength(9)
})

test('a bank that takes its time settles a refund later, and one that fails gives it back', async () => {
  const { now, forward } = clockAt('2027-01-04T09:00:00Z')
  const { provider, told, ear, sandbox } = open({ now })
  const refundOn = async (card: 'slowRefund' | 'failingRefund') => {
    const { checkoutId, url } = await provider.createCheckout(checkoutOf(now()))
    await payAt(url, card)
    const intentId = (await provider.checkout(checkoutId))?.intentId ?? ''
    const amount = { amount: 6_000, currency: 'EUR' }
    return provider.refund({ refundId: card, intentId, amount, reason: null, askedAt: now() })
  }
  const [slow, failing] = [await refundOn('slowRefund'), await refundOn('failingRefund')]
  expect([slow.state, failing.state]).toEqual(['PENDING', 'SUCCEEDED'])
  forward(10)
  await told()
  expect(await provider.refundStatus(slow.stripeRefundId ?? '')).toMatchObject({
    state: 'SUCCEEDED',
  })
  expect(await provider.refundStatus(failing.stripeRefundId ?? '')).toMatchObject({
    ...{ state: 'FAILED', failureCode: 'unknown' },
  })
  expect(ear.typesTold()).toContain('refund.failed')
  expect(sandbox.store.all('charge').map((charge) => charge.amount_refunded)).toEqual([0, 6_000])
})

test('a form that was not served to this browser pays nothing; the served one does', async () => {
  const { provider, now } = open()
  const { checkoutId, url } = await provider.createCheckout(checkoutOf(now()))
  const page = await (await fetch(url)).text()
  const token = /name="token" value="([^"]+)"/.exec(page)?.[1] ?? ''
  const post = (fields: Record<string, string>, headers = {}) =>
    fetch(url, { method: 'POST', redirect: 'manual', body: new URLSearchParams(fields), headers })
  const card = cardNumbers.good
  await post({ card })
  await fetch(url, { method: 'POST', redirect: 'manual', body: '{"card"}' })
  await post({ card, token: `${token}x` })
  await post({ card, token }, { origin: 'https://elsewhere.example' })
  expect(await provider.checkout(checkoutId)).toMatchObject({ state: 'OPEN', intentId: null })
  await post({ card, token }, { origin: new URL(url).origin })
  expect(await provider.checkout(checkoutId)).toMatchObject({ isPaid: true })
})

const declared = (sheet: string) =>
  new Map([...sheet.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name, value]))

test('the page to pay on has the colours of the web client', async () => {
  const [page = '', web = ''] = await Promise.all(
    ['../stripe/page.css', '../../web/styles/tokens.css'].map((file) =>
      Bun.file(join(import.meta.dir, file)).text(),
    ),
  )
  const theirs = declared(web)
  expect(declared(page).size).toBeGreaterThan(10)
  for (const [name, value] of declared(page))
    expect(`${name}: ${theirs.get(name)}`).toBe(`${name}: ${value}`)
})

test('ten clicks at once are one charge', async () => {
  const { provider, now, sandbox } = open()
  const { url } = await provider.createCheckout(checkoutOf(now()))
  const all = await Promise.all(Array.from({ length: 10 }, () => payAt(url, 'good')))
  expect(new Set(all)).toEqual(new Set([checkoutOf(now()).successUrl]))
  expect(sandbox.store.all('charge')).toHaveLength(1)
})

test('authentication is asked for, can fail, and then succeed', async () => {
  const { provider, now, sandbox } = open()
  const { checkoutId, url } = await provider.createCheckout(checkoutOf(now()))
  const bank = await payAt(url, 'authenticating')
  expect(bank).toStartWith('/c/authenticate/pi_')
  expect(await submit(`${sandbox.origin}${bank}`, { result: 'no' })).toBe(new URL(url).pathname)
  expect(await provider.checkout(checkoutId)).toMatchObject({
    ...{ state: 'OPEN', failureCode: 'payment_intent_authentication_failure' },
  })
  await payAt(url, 'authenticating')
  const back = await submit(`${sandbox.origin}${bank}`, { result: 'yes' })
  expect(back).toBe('https://plexus.example/bookings/1/result')
  expect(await provider.checkout(checkoutId)).toMatchObject({ isPaid: true, failureCode: null })
})

test('what was done survives a sandbox that is killed, and what was not told is told then', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'plexus-stripe-'))
  const { ear, secretKey } = open()
  const start = (secret: string) =>
    startStripeSandbox({
      ...{ port: 0, secretKey, now: () => new Date(), file: join(folder, 'stripe.sqlite') },
      endpoint: { url: ear.url, secret },
    })
  const first = start('whsec_one')
  first.delivery.hold()
  const create = (origin: string) =>
    fetch(`${origin}/v1/customers`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secretKey}`, 'idempotency-key': 'once' },
    })
  const made = await (await create(first.origin)).json()
  const held = first.control.hold(/customers/)
  void fetch(`${first.origin}/v1/customers`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secretKey}`, 'idempotency-key': 'half' },
  }).catch(() => null)
  await held.arrived
  await first.stop()
  const second = start('whsec_one')
  expect(await (await create(second.origin)).json()).toEqual(made)
  second.tick()
  await second.delivery.idle()
  expect(ear.typesTold()).toEqual(['customer.created'])
  const half = await fetch(`${second.origin}/v1/customers`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secretKey}`, 'idempotency-key': 'half' },
  })
  expect(half.status).toBe(200)
  await second.stop()
  await rm(folder, { recursive: true })
})
