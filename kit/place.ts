/**
 * Where a stream stands among its events, by ids that nobody but its source reads. Whoever answers
 * the events one by one hands each over before it asks for the next, so an id that is told is never
 * one of an event that is still on its way.
 */
export type Place = {
  /** The last event that the reader has seen; null for one that begins now. */
  readonly after: string | null
  /** The id of the event that is being answered; null where events have none. */
  inHand: string | null
  /** Everything up to here was handed over; null as long as nobody can say. */
  told(): string | null
  /** From now on `told` is this; it may move on with what does not concern the reader. */
  reach(told: () => string | null): void
  /** Resolves once something has been reached. */
  readonly known: Promise<void>
}

export function createPlace(after: string | null): Place {
  const known = Promise.withResolvers<void>()
  let told: () => string | null = () => after
  return {
    after,
    inHand: null,
    told: () => told(),
    reach: (now) => {
      told = now
      known.resolve()
    },
    known: known.promise,
  }
}
