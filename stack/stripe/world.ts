import { randomInt } from 'node:crypto'
import { Stripe } from 'stripe'
import { noSuch } from './fault.ts'
import type { Event, Kind, Kinds, Store } from './store.ts'

/** What a call acts upon. Everything it does is in one transaction of the store. */
export type World = {
  readonly store: Store
  /** Unix seconds, as all of Stripe's instants. */
  readonly now: number
  /** Where the hosted page is. */
  readonly origin: string
  readonly request: { readonly id: string | null; readonly idempotencyKey: string | null }
}

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

/** An id that cannot be guessed. */
export const newId = (prefix: string, length = 24): string =>
  `${prefix}_${Array.from({ length }, () => letters[randomInt(letters.length)]).join('')}`

/** Throws StripeFault (404) for what there is not. */
export function existing<K extends Kind>({ store }: World, kind: K, id: string, param?: string) {
  const found: Kinds[K] | null = store.find(kind, id)
  if (!found) throw noSuch(kind.replace('.', ' '), id, param)
  return found
}

/** Records what happened, and that it is to be delivered, together with what happened. */
export function emit({ store, now, request }: World, type: string, object: object): Event {
  const event: Event = {
    id: newId('evt'),
    object: 'event',
    api_version: Stripe.API_VERSION,
    created: now,
    data: { object },
    livemode: false,
    pending_webhooks: 1,
    request: { id: request.id, idempotency_key: request.idempotencyKey },
    type,
  }
  store.insert('event', event)
  store.database.query('insert into delivery (event, due_at) values (?, ?)').run(event.id, now)
  return event
}
