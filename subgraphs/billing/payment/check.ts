import type { Ports } from '../context.ts'
import { reservationOf } from '../reservation/queries.ts'
import { isOver } from '../reservation/rules.ts'
import { nextTry } from '../retry.ts'
import { claimCheck, type PaymentRow } from './queries.ts'
import { type Look, nobodyCame, settle } from './settle.ts'

type Deps = Pick<Ports, 'provider' | 'system' | 'now' | 'log'>

/** What the provider says now; the page of a booking that is over is closed first. Null: nothing to go by. */
async function lookAt(
  payment: PaymentRow,
  over: boolean,
  { provider }: Deps,
): Promise<Look | null> {
  const { checkoutId, status } = payment
  if (checkoutId === null) return over ? nobodyCame : null
  if (over && status === 'REQUIRES_ACTION') await provider.expireCheckout(checkoutId)
  const checkout = await provider.checkout(checkoutId)
  return checkout && { ...checkout, checkoutId }
}

async function check(payment: PaymentRow, deps: Deps) {
  const { system, now } = deps
  const reservation = await system.read((sql) => reservationOf(sql, payment.bookingId))
  const over = reservation !== null && isOver(reservation, now())
  const look = await lookAt(payment, over, deps)
  if (look) await system.write((sql) => settle(sql, { id: payment.id, look, now: now() }))
}

/**
 * Asks the provider about one payment that is due: its hold is over, or no event came. The next look is noted before
 * the call, so a crash costs a pause and nothing else. False when none was due.
 */
export async function checkNext(deps: Deps): Promise<boolean> {
  const { system, now, log } = deps
  const at = now()
  const payment = await system.write((sql) => claimCheck(sql, at, (checks) => nextTry(at, checks)))
  if (!payment) return false
  await check(payment, deps).catch((error: unknown) =>
    log.warn(`Payment ${payment.id} could not be looked at; trying again`, error),
  )
  return true
}
