import type { Bus, BusEvent } from './bus.ts'
import type { Log } from './log.ts'
import type { Pool, Transaction } from './postgres.ts'
import { span, withRemoteTrace } from './trace.ts'

export type Consumer = {
  readonly bus: Bus
  readonly sql: Pool
  /** Names the place up to which events are handled; unique in its service and never reused. */
  readonly consumer: string
  readonly topics: readonly string[]
  /** Writes through `tx` only: its work and the note that the event is handled commit together. */
  readonly handle: (tx: Transaction, event: BusEvent) => Promise<void>
  readonly log: Log
}

export type RetryRule = {
  /** Tries in place before an event is parked. */
  readonly attempts: number
  /** The first pause between them; it doubles. */
  readonly pauseMs: number
  /** How often parked events are looked for. */
  readonly parkedMs: number
}

/** A consumer at work, until the signal aborts. */
export type Task = Consumer & { readonly retry: RetryRule; readonly signal: AbortSignal }

/**
 * Handles an event unless it has been: a process with the same name that is at it now is waited
 * for.
 */
export async function handleOnce(tx: Transaction, task: Task, event: BusEvent): Promise<void> {
  const { consumer, handle } = task
  const claimed = await tx`
    insert into inbox (consumer, event_id)
    values (${consumer}, ${event.id})
    on conflict do nothing
    returning event_id`
  if (claimed.length === 0) return
  await withRemoteTrace(new Headers(event.headers), () =>
    span(`consume ${event.topic}`, { consumer }, () => handle(tx, event)),
  )
}
