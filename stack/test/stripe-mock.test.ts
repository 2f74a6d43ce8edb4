import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { checkoutOf, refundOf } from '../../subgraphs/billing/payment/provider.contract.ts'
import { stripeProvider } from '../../subgraphs/billing/payment/provider.stripe.ts'
import type { PaymentProvider } from '../../subgraphs/billing/payment/provider.ts'
import { validatorsOf } from '../testing/openapi.ts'
import { type RecordedCall, recordCalls, sendCall } from '../testing/recorder.ts'
import { payAt, submit, testSandbox } from '../testing/stripe.ts'
import { startStripeMock, stripeMockMissing } from '../testing/stripe-mock.ts'

const missing = stripeMockMissing(process.env.CI === 'true')
const room = join(import.meta.dir, '../../subgraphs/billing/payment')

/** Everything that the adapter can ask of Stripe, in every shape that it can give a question. */
async function askEverything(provider: PaymentProvider) {
  const now = new Date()
  const anonymous = checkoutOf(now, { locale: 'en', customer: { personId: 'p', email: null } })
  const { checkoutId } = await provider.createCheckout(anonymous)
  await provider.expireCheckout(checkoutId)
  await provider.expireCheckout(checkoutId)
  const started = await provider.createCheckout(checkoutOf(now))
  await payAt(started.url, 'poor')
  await provider.checkout(started.checkoutId)
  await payAt(started.url, 'good')
  const paid = await provider.checkout(started.checkoutId)
  const intentId = paid?.intentId ?? 'pi_none'
  const refund = await provider.refund(refundOf(intentId))
  await provider.refund(
    refundOf(intentId, { reason: null, amount: { amount: 100, currency: 'EUR' } }),
  )
  await provider.refundStatus(refund.stripeRefundId ?? 're_none')
  const late = { askedAt: new Date(now.getTime() - 48 * 3_600_000) }
  await provider.refund(refundOf(intentId, { ...late, amount: { amount: 50, currency: 'EUR' } }))
  await provider.refund(refundOf(intentId, { amount: { amount: 99_999, currency: 'EUR' } }))
  await provider.checkout('cs_test_none')
}

/** The sandbox with everything asked of it, what was asked, and stripe-mock. */
async function start() {
  const mock = await startStripeMock()
  const box = testSandbox()
  const recorder = recordCalls(box.sandbox.origin)
  const { secretKey, webhookSecret, now } = box
  const apiUrl = recorder.origin
  await askEverything(stripeProvider({ secretKey, webhookSecret, apiUrl, now }))
  const stop = async () => {
    await mock.stop()
    await recorder.stop()
    await box.stop()
  }
  return { mock, box, recorder, stop }
}

const endpointOf = ({ method, path }: RecordedCall) =>
  `${method} ${path.replace(/\?.*/, '').replace(/\/(cs|re|pi)_\w+/, '/:id')}`

/** The package's methods in the adapter's text, and what they ask. */
const endpoints: Readonly<Record<string, string>> = {
  'checkout.sessions.create': 'POST /v1/checkout/sessions',
  'checkout.sessions.expire': 'POST /v1/checkout/sessions/:id/expire',
  'checkout.sessions.retrieve': 'GET /v1/checkout/sessions/:id',
  'refunds.create': 'POST /v1/refunds',
  'refunds.list': 'GET /v1/refunds',
  'refunds.retrieve': 'GET /v1/refunds/:id',
}

async function methodsOfAdapter(): Promise<string[]> {
  const text = await Bun.file(join(room, 'provider.stripe.ts')).text()
  const found = [...text.matchAll(/\bstripe\s*\.([\w.\s]+)\(/g)].map(([, name = '']) => name)
  return [...new Set(found.map((name) => name.replace(/\s/g, '')))].sort()
}

test('without Go a laptop skips by name what needs stripe-mock, and CI fails', () => {
  expect(stripeMockMissing(false, false)).toBe('no Go on this machine')
  expect(() => stripeMockMissing(true, false)).toThrow('CI=true needs Go')
  expect(stripeMockMissing(true, true)).toBeNull()
})

describe.skipIf(missing !== null)(`against stripe-mock${missing ? `: ${missing}` : ''}`, () => {
  let running: Awaited<ReturnType<typeof start>> | null = null
  const all = () => {
    if (!running) throw new Error('stripe-mock has not started.')
    return running
  }
  beforeAll(async () => {
    running = await start()
  }, 300_000)
  afterAll(async () => running?.stop())

  test('[FC-30] every request that the Stripe adapter can make is accepted', async () => {
    const { recorder, mock } = all()
    expect(recorder.calls.length).toBeGreaterThan(10)
    for (const call of recorder.calls) {
      const answer = await sendCall(mock.origin, call)
      const place = `${endpointOf(call)} ${call.body}`
      expect(`${place}: ${answer.status} ${await answer.text()}`).toContain(`${place}: 200`)
    }
  })

  test('a request that Stripe does not take is refused, so acceptance means something', async () => {
    const { recorder, mock } = all()
    const [call] = recorder.calls
    if (!call) throw new Error('Nothing was recorded.')
    const wrong = [`${call.body}&price=1`, call.body.replace('mode=payment', 'mode=gift')]
    for (const body of wrong) {
      expect((await sendCall(mock.origin, { ...call, body })).status).toBe(400)
    }
  })

  test('no method of the package is used whose request is not recorded here', async () => {
    const { recorder } = all()
    const methods = await methodsOfAdapter()
    expect(methods).toEqual(Object.keys(endpoints).sort())
    expect([...new Set(recorder.calls.map(endpointOf))].sort()).toEqual(
      methods.map((name) => endpoints[name] ?? name).sort(),
    )
  })

  test('the adapter understands what stripe-mock answers', async () => {
    const provider = stripeProvider({
      ...{ secretKey: 'sk_test_123', webhookSecret: 'whsec_x', now: () => new Date() },
      apiUrl: all().mock.origin,
    })
    const started = await provider.createCheckout(checkoutOf(new Date()))
    expect(started.url).toStartWith('https://')
    expect(await provider.checkout(started.checkoutId)).toMatchObject({ isPaid: false })
    const refund = await provider.refund(refundOf('pi_1'))
    expect(await provider.refundStatus(refund.stripeRefundId ?? '')).toMatchObject({
      stripeRefundId: expect.stringMatching(/^re_/),
    })
  })

  test('every object, event and error of the sandbox is as Stripe describes it', async () => {
    const { box, recorder, mock } = all()
    await walkThrough(box)
    const objects = await allObjectsOf(box)
    const kinds = [...new Set(objects.map(({ object }) => object)), 'error'].sort()
    expect(kinds).toEqual([
      ...['charge', 'checkout.session', 'customer', 'error', 'event', 'item'],
      ...['payment_intent', 'price', 'product', 'refund'],
    ])
    const faultsIn = validatorsOf(mock.description, kinds)
    for (const one of objects) {
      expect({ ...one, faults: faultsIn(one.object, one) }).toEqual({ ...one, faults: [] })
    }
    const errors = recorder.calls.filter(({ status }) => status >= 400)
    expect(errors.length).toBeGreaterThan(2)
    for (const { answer } of errors) expect(faultsIn('error', answer)).toEqual([])
    // The same validator sees what is missing.
    const refund = objects.find(({ object }) => object === 'refund')
    expect(faultsIn('refund', { ...refund, created: undefined })).toEqual([
      " must have required property 'created'",
    ])
  }, 120_000)
})

/** Brings every kind of object about, in each of its states. */
async function walkThrough({ provider, call, sandbox }: ReturnType<typeof testSandbox>) {
  const customer = await (await call('POST /v1/customers', { email: 'a@test.example' })).json()
  await call('POST /v1/products', { name: 'Yoga' })
  const session = {
    ...{ mode: 'payment', success_url: 'https://a.example', customer: customer.id },
    'line_items[0][price_data][currency]': 'eur',
    'line_items[0][price_data][unit_amount]': '900',
    'line_items[0][price_data][product_data][name]': 'Yoga',
  }
  await call('POST /v1/checkout/sessions', session)
  const { url } = await provider.createCheckout(checkoutOf(new Date()))
  const bank = await payAt(url, 'authenticating')
  await submit(`${sandbox.origin}${bank}`, { result: 'no' })
  await submit(`${sandbox.origin}${await payAt(url, 'authenticating')}`, { result: 'yes' })
  const intent = { amount: '900', currency: 'eur', payment_method: 'pm_card_visa', confirm: 'true' }
  await call('POST /v1/payment_intents', intent)
  await call('POST /v1/payment_intents', {
    ...intent,
    payment_method: 'pm_card_visa_chargeDeclined',
  })
  const { id } = await (
    await call('POST /v1/payment_intents', { amount: '900', currency: 'eur' })
  ).json()
  await call(`POST /v1/payment_intents/${id}/cancel`)
}

type StripeObject = { object: string } & Record<string, unknown>

/** As the API lists them, and what the events carry. */
async function allObjectsOf({ call, sandbox }: ReturnType<typeof testSandbox>) {
  const lists = ['customers', 'products', 'prices', 'checkout/sessions', 'payment_intents']
  const paths = [...lists, 'charges', 'refunds', 'events'].map((name) => `/v1/${name}?limit=100`)
  const [session] = sandbox.store.all('checkout.session')
  paths.push(`/v1/checkout/sessions/${session?.id}/line_items`)
  const answers: { data: StripeObject[] }[] = await Promise.all(
    paths.map(async (path) => (await call(`GET ${path}`)).json()),
  )
  const listed = answers.flatMap(({ data }) => data)
  const told = sandbox.store.all('event').map(({ data }) => data.object as StripeObject)
  return [...listed, ...told]
}
