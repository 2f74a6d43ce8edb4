import type { BusEvent } from './bus.ts'
import { handleOnce, type Task } from './consumer.ts'
import { pause } from './pause.ts'
import { database, isOutage, type Json, systemContext, type Transaction } from './postgres.ts'

/** True when an earlier event of the same entity is parked, or this one is. */
export async function mustWait(tx: Transaction, consumer: string, event: BusEvent) {
  const ahead = await tx`
    select 1
    from parked_event
    where consumer = ${consumer}
      and entity_id = ${event.entityId}
      and position <= ${event.position}
    limit 1`
  return ahead.length > 0
}

export async function park(tx: Transaction, consumer: string, event: BusEvent): Promise<void> {
  await tx`
    insert into parked_event (consumer, position, entity_id, event)
    values (${consumer}, ${event.position}, ${event.entityId}, ${tx.json(jsonOf(event))})
    on conflict do nothing`
}

const jsonOf = (event: BusEvent): Json => ({ ...event, at: event.at.toISOString() })

/**
 * Tries parked events again until the signal aborts; each failure doubles the wait, to 5 minutes at
 * most.
 */
export async function retryParked(task: Task): Promise<void> {
  const { sql, signal, log, consumer, retry } = task
  while (!signal.aborted) {
    try {
      const progress = await database(sql, systemContext).write((tx) => retryNext(tx, task))
      if (!progress) await pause(retry.parkedMs, signal)
    } catch (error) {
      if (!isOutage(error)) log.error(`${consumer} cannot retry its parked events`, error)
      await pause(retry.parkedMs, signal)
    }
  }
}

type Parked = { readonly position: number; readonly event: BusEvent & { readonly at: string } }

/** False when nothing is due. The oldest of each entity only: the others wait behind it. */
async function retryNext(tx: Transaction, task: Task): Promise<boolean> {
  const { consumer, log } = task
  const [parked] = await tx<Parked[]>`
    select position, event
    from parked_event as candidate
    where consumer = ${consumer}
      and next_attempt_at <= now()
      and not exists (
        select from parked_event as ahead
        where ahead.consumer = candidate.consumer
          and ahead.entity_id = candidate.entity_id
          and ahead.position < candidate.position)
    order by position
    limit 1
    for update skip locked`
  if (!parked) return false
  const event = { ...parked.event, at: new Date(parked.event.at) }
  try {
    await tx.savepoint((inner) => handleOnce(inner, task, event))
    await tx`
      delete from parked_event
      where consumer = ${consumer} and position = ${parked.position}`
  } catch (error) {
    log.error(`${consumer} failed again on the parked ${event.topic} ${event.id}`, error)
    await postpone(tx, { consumer, position: parked.position, error })
  }
  return true
}

type Failure = { readonly consumer: string; readonly position: number; readonly error: unknown }

async function postpone(tx: Transaction, { consumer, position, error }: Failure) {
  await tx`
    update parked_event
    set attempts = attempts + 1,
      last_error = ${String(error)},
      next_attempt_at =
        now() + least(interval '1 second' * 2 ^ least(attempts, 20), interval '5 minutes')
    where consumer = ${consumer} and position = ${position}`
}
