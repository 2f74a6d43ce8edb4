import { z } from 'zod'
import { requires, seenBy } from '#kit/builder'
import { AppError } from '#kit/errors'
import { fromGlobalId, toGlobalId } from '#kit/id'
import { forget, once } from '#kit/idempotency'
import type { Sql } from '#kit/postgres'
import { type UserError, userError } from '#kit/user-error'
import { arrived } from '../arrived.ts'
import { builder, ConflictErrorType, NotFoundErrorType } from '../builder.ts'
import type { Context } from '../context.ts'
import { knowsReservation, lockReservation, reservationOf } from '../reservation/queries.ts'
import { idOfCaller, maySettle } from './policy.ts'
import { beginPayment, keepCheckout, type PaymentRow, paymentsByIds } from './queries.ts'
import { checkoutFault, describe } from './rules.ts'
import { PaymentType } from './type.ts'

type Started = { __typename: 'CheckoutStarted'; paymentId: string; url: string; expiresAt: Date }
type Refused = UserError<'ConflictError' | 'NotFoundError'>
type Begun = { paymentId: string }

const CheckoutStartedType = builder.objectRef<Started>('CheckoutStarted').implement({
  fields: (t) => ({
    payment: t.field({ type: PaymentType, resolve: ({ paymentId }) => paymentId }),
    redirectUrl: t.string({
      ...seenBy.partners,
      description: "The provider's page: send the person there.",
      resolve: ({ url }) => url,
    }),
    expiresAt: t.expose('expiresAt', {
      ...seenBy.partners,
      type: 'DateTime',
      description: 'Until when the slot is held for the payment.',
    }),
  }),
})

const StartCheckoutResultType = builder.unionType('StartCheckoutResult', {
  types: [CheckoutStartedType, ConflictErrorType, NotFoundErrorType],
  resolveType: ({ __typename }) => __typename,
})

const keyText = 'An idempotency key has 8 to 200 characters.'
/** Chosen by the client, one for each thing it wants done, and the same one for every attempt at it. */
export const idempotencyKey = z.string().min(8, keyText).max(200, keyText)

const locales = z.enum(['fr', 'en'], 'The locale is fr or en.')

const StartCheckoutInputType = builder.inputType('StartCheckoutInput', {
  fields: (t) => ({
    idempotencyKey: t.string({ required: true, validate: idempotencyKey }),
    bookingId: t.id({ required: true }),
    locale: t.string({ defaultValue: 'fr', validate: locales }),
  }),
})

const noSuchBooking = () => userError('NotFoundError', 'There is no such booking.', ['bookingId'])
const conflict = (message: string) => userError('ConflictError', message, ['bookingId'])

type Wish = { bookingId: string; locale: 'fr' | 'en'; clientId: string }

/** Our own row, before the provider hears of anything: the live payment of the booking, new or known. */
async function begin(sql: Sql, wish: Wish, { viewer, now }: Context): Promise<Begun | Refused> {
  const seen = await reservationOf(sql, wish.bookingId)
  if (!seen) return noSuchBooking()
  if (!maySettle(viewer, seen))
    throw new AppError('FORBIDDEN', 'Only the client pays for a booking.')
  const reservation = (await lockReservation(sql, wish.bookingId)) ?? seen
  const { bookingId, clientId, coachId, amount, currency, holdExpiresAt } = reservation
  const at = now()
  const fault = checkoutFault(reservation, at)
  if (fault !== null || amount === null || currency === null) {
    return conflict(fault ?? 'The booking is free: confirm it.')
  }
  const payment = await beginPayment(sql, {
    ...{ bookingId, clientId, coachId, amount, currency, holdExpiresAt },
    description: describe(reservation.serviceName, wish.locale),
    locale: wish.locale,
    createdAt: at,
    nextCheckAt: holdExpiresAt,
  })
  return payment ? { paymentId: payment.id } : conflict('The payment has just ended. Try again.')
}

const requestOf = (payment: PaymentRow, publicOrigin: string) => {
  const booking = `${publicOrigin}/bookings/${toGlobalId('Booking', payment.bookingId)}`
  return {
    paymentId: payment.id,
    bookingId: payment.bookingId,
    amount: { amount: payment.amount, currency: payment.currency },
    description: payment.description,
    customer: { personId: payment.clientId, email: null },
    locale: payment.locale,
    successUrl: `${booking}/result`,
    cancelUrl: booking,
    expiresAt: payment.holdExpiresAt,
  }
}

const started = ({ id: paymentId, holdExpiresAt }: PaymentRow, url: string): Started => ({
  ...{ __typename: 'CheckoutStarted', paymentId, url },
  expiresAt: holdExpiresAt,
})

/**
 * The provider's page for a payment that has begun. The call carries our id, so whoever repeats it after a crash is
 * given the same page, and nobody is charged twice.
 */
async function open(payment: PaymentRow, context: Context): Promise<Started | Refused> {
  const { provider, system, publicOrigin, now } = context
  if (payment.status === 'PROCESSING') return conflict('The payment is being processed.')
  if (payment.status !== 'REQUIRES_ACTION') {
    const isLive = payment.status !== 'CANCELLED' && payment.status !== 'FAILED'
    return conflict(isLive ? 'The booking is paid already.' : 'This payment has ended. Try again.')
  }
  if (payment.holdExpiresAt <= now()) return conflict('The hold has ended. Choose a time again.')
  if (payment.checkoutUrl !== null) return started(payment, payment.checkoutUrl)
  const checkout = await provider.createCheckout(requestOf(payment, publicOrigin))
  const isKept = await system.write((sql) => keepCheckout(sql, payment.id, checkout))
  if (isKept) return started(payment, checkout.url)
  // It ended while we asked: nobody has seen the page, and nobody will.
  await provider.expireCheckout(checkout.checkoutId)
  return conflict('The hold has ended. Choose a time again.')
}

builder.mutationField('startCheckout', (t) =>
  t.field({
    ...seenBy.partners,
    ...requires(['bookings:write']),
    type: StartCheckoutResultType,
    description: 'Where to pay for a held booking. Calling it again gives the same page.',
    args: { input: t.arg({ type: StartCheckoutInputType, required: true }) },
    resolve: async (_, { input }, context) => {
      const { viewer, db, bookingWaitMs } = context
      const clientId = idOfCaller(viewer)
      const bookingId = fromGlobalId('Booking', input.bookingId)
      if (!bookingId) return noSuchBooking()
      const locale = locales.parse(input.locale ?? 'fr')
      // A booking that was just held is told of a moment later. Not heard of yet is no answer to keep for the key.
      const knows = () => db.read((sql) => knowsReservation(sql, bookingId))
      if (!(await arrived(knows, bookingWaitMs))) return noSuchBooking()
      const identity = {
        ...{ principal: clientId, key: input.idempotencyKey, operation: 'startCheckout' },
        request: { bookingId, locale },
      }
      const begun = await db.write(async (sql) => {
        const wish = { bookingId, locale, clientId }
        const answer = await once(sql, identity, () => begin(sql, wish, context))
        if ('__typename' in answer) await forget(sql, identity)
        return answer
      })
      if ('__typename' in begun) return begun
      const [payment] = await db.read((sql) => paymentsByIds(sql, [begun.paymentId]))
      return payment ? open(payment, context) : noSuchBooking()
    },
  }),
)
