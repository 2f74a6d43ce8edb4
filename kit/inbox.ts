import type { BusEvent } from './bus.ts'
import { type Consumer, handleOnce, type RetryRule, type Task } from './consumer.ts'
import { mustWait, park, retryParked } from './parked.ts'
import { pause } from './pause.ts'
import { database, isOutage, systemContext, type Transaction } from './postgres.ts'

const patient: RetryRule = { attempts: 5, pauseMs: 100, parkedMs: 1_000 }

/**
 * Handles each event exactly once, in order, resuming where the last process ended; many processes
 * may share a name. An event that fails is tried again in place, then parked and retried for ever,
 * and only later events of the same entity wait behind it: order holds for each entity, and no
 * event stops the others. While the database is away nothing is parked. `stop` waits for the event
 * in hand.
 */
export function consume(options: Consumer & { readonly retry?: RetryRule }): {
  stop(): Promise<void>
} {
  const stopping = new AbortController()
  const task = { ...options, retry: options.retry ?? patient, signal: stopping.signal }
  const running = Promise.all([deliverAll(task), retryParked(task)])
  return {
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}

async function deliverAll(task: Task) {
  const { bus, topics, signal, log, consumer, retry } = task
  while (!signal.aborted) {
    try {
      const after = await storedPosition(task)
      for await (const event of bus.subscribe({ topics, after, signal })) await deliver(task, event)
    } catch (error) {
      log.warn(`${consumer} cannot go on yet; trying again`, error)
      await pause(retry.parkedMs, signal)
    }
  }
}

async function storedPosition({ sql, consumer }: Task): Promise<number> {
  const [row] = await sql<{ position: number }[]>`
    select position
    from consumer
    where name = ${consumer}`
  return row?.position ?? 0
}

/**
 * Returns when the event is handled or parked. Throws only when the database is away: then nothing
 * is known.
 */
async function deliver(task: Task, event: BusEvent) {
  const { consumer, log, retry, signal } = task
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    try {
      return await inTransaction(task, (tx) => advance(tx, task, event))
    } catch (error) {
      if (isOutage(error)) throw error
      const isLast = attempt >= retry.attempts
      log.error(`${consumer} failed on ${nameOf(event)}, try ${attempt}`, error)
      if (isLast) return await inTransaction(task, (tx) => setAside(tx, task, event))
      await pause(retry.pauseMs * 2 ** (attempt - 1), signal)
    }
  }
}

const nameOf = ({ topic, id, position }: BusEvent) => `${topic} ${id} at position ${position}`

const inTransaction = ({ sql }: Task, work: (tx: Transaction) => Promise<void>) =>
  database(sql, systemContext).write(work)

async function advance(tx: Transaction, task: Task, event: BusEvent) {
  if (await mustWait(tx, task.consumer, event)) return setAside(tx, task, event)
  await handleOnce(tx, task, event)
  await moveTo(tx, task.consumer, event.position)
}

async function setAside(tx: Transaction, { consumer }: Task, event: BusEvent) {
  await park(tx, consumer, event)
  await moveTo(tx, consumer, event.position)
}

async function moveTo(tx: Transaction, consumer: string, position: number) {
  await tx`
    insert into consumer as known (name, position)
    values (${consumer}, ${position})
    on conflict (name) do update
    set position = greatest(known.position, excluded.position)`
}
