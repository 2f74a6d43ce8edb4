import { afterEach, describe, expect, test } from 'bun:test'
import {
  checkoutOf,
  paymentContract,
  refundOf,
} from '../../subgraphs/billing/payment/provider.contract.ts'
import { stripeProvider } from '../../subgraphs/billing/payment/provider.stripe.ts'
import { payAt, type TestSandbox, testSandbox } from '../testing/stripe.ts'

const opened: TestSandbox[] = []
function open(options?: Parameters<typeof testSandbox>[0]) {
  const one = testSandbox(options)
  opened.push(one)
  return one
}
afterEach(async () => {
  for (const one of opened.splice(0)) await one.stop()
})

describe('the Stripe adapter on the sandbox', () => {
  paymentContract(async () => {
    const { provider, now, told } = open()
    return {
      ...{ provider, now, told },
      pay: async (url, card) => void (await payAt(url, card)),
    }
  })
})

test('an answer that was lost is asked for again, and nothing is made twice', async () => {
  const { sandbox, provider, now } = open()
  sandbox.control.fail({ on: /^POST \/v1\/checkout\/sessions$/, when: 'after', times: 1 })
  const { checkoutId } = await provider.createCheckout(checkoutOf(now()))
  expect(sandbox.store.all('checkout.session').map(({ id }) => id)).toEqual([checkoutId])
})

test('a refund whose answer is lost until the adapter gives up is made once when it is asked for again', async () => {
  const { sandbox, provider, now } = open()
  const { checkoutId, url } = await provider.createCheckout(checkoutOf(now()))
  await payAt(url, 'good')
  const intentId = (await provider.checkout(checkoutId))?.intentId ?? ''
  const request = refundOf(intentId)
  sandbox.control.fail({ on: /refunds/, when: 'after', times: 3 })
  await expect(provider.refund(request)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  expect((await provider.refund(request)).state).toBe('SUCCEEDED')
  expect(sandbox.store.all('refund')).toHaveLength(1)
})

test('Stripe forgets a call after a day: a refund that it made is found again, whoever asks so late', async () => {
  const clock = { at: new Date('2027-01-04T09:00:00Z') }
  const { sandbox, provider, now } = open({ now: () => clock.at })
  const { checkoutId, url } = await provider.createCheckout(checkoutOf(now()))
  await payAt(url, 'good')
  const intentId = (await provider.checkout(checkoutId))?.intentId ?? ''
  const request = refundOf(intentId, { askedAt: now() })
  const made = await provider.refund(request)
  clock.at = new Date('2027-01-06T09:00:00Z')
  expect(await provider.refund(request)).toEqual(made)
  expect(sandbox.store.all('refund')).toHaveLength(1)
  // Another one of the same payment and amount is another one, however late it is sent.
  const other = refundOf(intentId, { askedAt: request.askedAt })
  expect(await provider.refund(other)).toMatchObject({ state: 'SUCCEEDED' })
  expect(sandbox.store.all('refund')).toHaveLength(2)
})

test('a refund that Stripe refuses for what may be mended is not given up', async () => {
  const { provider } = open()
  // As with a key of another account.
  await expect(provider.refund(refundOf('pi_of_somebody_else'))).rejects.toMatchObject({
    code: 'UNAVAILABLE',
  })
})

test.each([500, 503, 429])('an outage (%d) is UNAVAILABLE, in our words', async (status) => {
  const { sandbox, provider, now } = open()
  sandbox.control.fail({ on: /./, when: 'before', status, times: 10 })
  const failure = provider.createCheckout(checkoutOf(now()))
  await expect(failure).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: 'Payments are not available now. Try again in a moment.',
  })
  sandbox.control.mend()
  expect((await provider.createCheckout(checkoutOf(now()))).url).toBeString()
})

test('an answer that does not come is UNAVAILABLE in time, and the same call later makes nothing twice', async () => {
  const { sandbox, secretKey, webhookSecret, now } = open()
  const apiUrl = sandbox.origin
  const provider = stripeProvider({ secretKey, webhookSecret, apiUrl, now, timeoutMs: 100 })
  const held = sandbox.control.hold(/sessions/)
  const request = checkoutOf(now())
  await expect(provider.createCheckout(request)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  held.release()
  const { checkoutId } = await provider.createCheckout(request)
  expect(sandbox.store.all('checkout.session').map(({ id }) => id)).toEqual([checkoutId])
})

test('nobody at the address is UNAVAILABLE too', async () => {
  const { provider, now, sandbox } = open()
  await sandbox.stop()
  opened.length = 0
  await expect(provider.createCheckout(checkoutOf(now()))).rejects.toMatchObject({
    code: 'UNAVAILABLE',
  })
})

test('a key that is not known is our fault: no client reads of it', async () => {
  const { sandbox, now } = open()
  const stranger = stripeProvider({
    ...{ secretKey: 'sk_test_wrong', webhookSecret: 'whsec_x', apiUrl: sandbox.origin, now },
  })
  const failure = await stranger.createCheckout(checkoutOf(now())).catch((error) => error)
  expect(failure).toBeInstanceOf(Error)
  expect(failure.code).not.toBe('UNAVAILABLE')
})

test('a checkout of a hold that is about to end is taken, however short it is', async () => {
  const { provider, now } = open()
  const expiresAt = new Date(now().getTime() + 1_000)
  const started = await provider.createCheckout(checkoutOf(now(), { expiresAt }))
  const minutes = (started.expiresAt.getTime() - now().getTime()) / 60_000
  expect(minutes).toBeGreaterThan(29)
  expect(minutes).toBeLessThan(35)
})

test('an event is not believed when it comes more than five minutes late', async () => {
  const clock = { at: new Date('2027-01-04T09:00:00Z') }
  const { provider, now, told } = open({ now: () => clock.at })
  const { url } = await provider.createCheckout(checkoutOf(now()))
  await payAt(url, 'good')
  const [event] = await told()
  if (!event) throw new Error('Nothing was told.')
  clock.at = new Date('2027-01-04T09:04:59Z')
  expect((await provider.eventFrom(event.body, event.signature)).id).toStartWith('evt_')
  clock.at = new Date('2027-01-04T09:05:01Z')
  await expect(provider.eventFrom(event.body, event.signature)).rejects.toMatchObject({
    code: 'BAD_REQUEST',
  })
})
