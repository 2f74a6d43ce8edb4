import type { Money } from '#kit/money'

/** Who cancels at least so many minutes before the start gets so many percent back. */
export type RefundStep = readonly [atLeastBeforeMinutes: number, percent: number]

/** As the service has it, or as it was when a slot was held. */
export type CancellationPolicy = {
  readonly cancelNoticeMinutes: number
  readonly refundSteps: readonly RefundStep[]
}

/**
 * The steps that a client can be on, the earliest first: they end with the notice, and waiting never raises a
 * percentage. There is always one.
 */
export function stepsOf({ cancelNoticeMinutes, refundSteps }: CancellationPolicy): RefundStep[] {
  const steps: RefundStep[] = []
  let best = 100
  for (const [minutes, percent] of refundSteps.toSorted(([one], [other]) => other - one)) {
    best = Math.min(best, Math.max(0, percent))
    steps.push([Math.max(minutes, cancelNoticeMinutes), best])
    if (minutes <= cancelNoticeMinutes) return steps
  }
  return [...steps, [cancelNoticeMinutes, 0]]
}

type Started = CancellationPolicy & { readonly startsAt: Date }

type Cancelled = Started & {
  /** What has been paid and not been given back, with its currency; null when nothing was paid. */
  readonly kept: Money | null
}

export type Refund = {
  readonly percent: number
  readonly amount: Money
  readonly until: Date | null
}

const endOf = ([minutes]: RefundStep, { startsAt }: Pick<Started, 'startsAt'>) =>
  new Date(startsAt.getTime() - minutes * 60_000)

/**
 * The steps of a booking that its client moves now: no later cancellation gives back more than one at this moment
 * would have.
 */
export function stepsOfMoved(booking: Started, now: Date): RefundStep[] {
  const [, best] = stepsOf(booking).find((step) => now <= endOf(step, booking)) ?? [0, 0]
  return booking.refundSteps.map(([minutes, percent]) => [minutes, Math.min(percent, best)])
}

/** Rounded down, so that no split of a booking gives back more than the whole. */
const share = ({ amount, currency }: Money, percent: number): Money => ({
  amount: Number((BigInt(amount) * BigInt(percent)) / 100n),
  currency,
})

const unlessNothing = (refund: Refund) => (refund.amount.amount > 0 ? refund : null)

/**
 * What a cancellation by that side gives back; null for nothing. `until` is the instant up to which a client gets as
 * much, null on the last step.
 */
export function refundOf(booking: Cancelled, by: 'client' | 'coach', now: Date): Refund | null {
  const { kept } = booking
  if (kept === null) return null
  if (by === 'coach') return unlessNothing({ percent: 100, amount: kept, until: null })
  const steps = stepsOf(booking)
  const index = steps.findIndex((step) => now <= endOf(step, booking))
  const step = steps[index]
  if (!step) return null
  const until = index === steps.length - 1 ? null : endOf(step, booking)
  return unlessNothing({ percent: step[1], amount: share(kept, step[1]), until })
}
