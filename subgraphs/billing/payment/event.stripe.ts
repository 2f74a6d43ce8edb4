import { Stripe } from 'stripe'
import { z } from 'zod'
import { AppError } from '#kit/errors'
import type { PaymentEvent } from './provider.ts'

/** The parts of any of Stripe's objects that say which of our payments it is about; nothing for what has none. */
const Subject = z
  .object({
    id: z.string().optional(),
    object: z.string().optional(),
    metadata: z.record(z.string(), z.string()).nullish(),
    payment_intent: z.string().nullish(),
  })
  .catch({})

type Signed = {
  readonly rawBody: string
  readonly signature: string | null
  readonly webhookSecret: string
  readonly now: () => Date
}

/** Older requests may be recordings. */
const toleranceSeconds = 300

async function verified(stripe: Stripe, { rawBody, signature, webhookSecret, now }: Signed) {
  try {
    return await stripe.webhooks.constructEventAsync(
      rawBody,
      signature ?? '',
      webhookSecret,
      toleranceSeconds,
      undefined,
      now().getTime(),
    )
  } catch (cause) {
    if (!(cause instanceof Stripe.errors.StripeSignatureVerificationError)) throw cause
    throw new AppError('BAD_REQUEST', 'The signature of the event is not valid.', { cause })
  }
}

function intentIdOf({ object, id, payment_intent: intent }: z.output<typeof Subject>) {
  return (object === 'payment_intent' ? id : intent) ?? null
}

/** The event of a request of Stripe's. Throws AppError BAD_REQUEST when it is not from there, or is old. */
export async function eventFrom(stripe: Stripe, signed: Signed): Promise<PaymentEvent> {
  const { id, type, created, data } = await verified(stripe, signed)
  const subject = Subject.parse(data.object)
  const idOfA = (object: string) => (subject.object === object ? (subject.id ?? null) : null)
  return {
    id,
    type,
    createdAt: new Date(created * 1_000),
    paymentId: subject.metadata?.payment_id ?? null,
    checkoutId: idOfA('checkout.session'),
    intentId: intentIdOf(subject),
    stripeRefundId: idOfA('refund'),
  }
}
