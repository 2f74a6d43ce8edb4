import { createHmac } from 'node:crypto'
import type { Event, Store } from './store.ts'

export type Endpoint = {
  /** Where signed events go. */
  readonly url: string
  /** `whsec_…`, known to sender and receiver. */
  readonly secret: string
}

type Deps = { readonly store: Store; readonly endpoint: Endpoint; readonly now: () => Date }

/** Seconds from one attempt to the next; after the last the event is given up, as Stripe does after three days. */
const backoffSeconds = [1, 2, 5, 15, 60, 300, 1_800, 7_200, 18_000, 36_000, 86_400, 86_400]
const timeoutMs = 10_000
const atOnce = 20

/** The header that proves who sends; https://docs.stripe.com/webhooks#verify-manually */
export function signatureOf(body: string, { secret, at }: { secret: string; at: Date }): string {
  const seconds = Math.floor(at.getTime() / 1_000)
  const mac = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')
  return `t=${seconds},v1=${mac}`
}

type Release = {
  /** How often each event arrives. */
  readonly copies?: number
  /** In any order but the one in which things happened. */
  readonly shuffled?: boolean
  /** These never arrive. */
  readonly drop?: (event: Event) => boolean
}

/** Sends what happened to the endpoint until it says 2xx. */
export class Delivery {
  readonly #deps: Deps
  readonly #sending = new Map<string, Promise<void>>()
  #isHeld = false

  constructor(deps: Deps) {
    this.#deps = deps
  }

  /** Starts to send everything that is due. */
  send(): void {
    if (this.#isHeld) return
    for (const event of this.#due().slice(0, atOnce - this.#sending.size)) {
      const sending = this.#attempt(event).finally(() => this.#sending.delete(event.id))
      this.#sending.set(event.id, sending)
    }
  }

  /** Events stay here until `release`. */
  hold(): void {
    this.#isHeld = true
  }

  /** Lets go of what was kept, changed as asked, and waits for the answers. */
  async release({ copies = 1, shuffled = false, drop = () => false }: Release = {}) {
    this.#isHeld = false
    const due = this.#due()
    for (const event of due.filter(drop)) this.#finish(event)
    const kept = due.filter((event) => !drop(event))
    const all = Array.from({ length: copies }, () => kept).flat()
    if (!shuffled) return void (await Promise.all(all.map((event) => this.#attempt(event))))
    // Backwards and one by one: the surest disorder.
    for (const event of all.toReversed()) await this.#attempt(event)
  }

  /** Sends an event once more, whatever became of it; the endpoint's status, 0 when there was no answer. */
  resend(id: string): Promise<number> {
    const event = this.#deps.store.find('event', id)
    return event ? this.#post(event) : Promise.resolve(0)
  }

  /** Resolves when nothing is on its way. */
  async idle(): Promise<void> {
    while (this.#sending.size > 0) await Promise.all(this.#sending.values())
  }

  #due(): Event[] {
    const { store, now } = this.#deps
    return store.database
      .query<{ event: string }, [number]>(
        'select event from delivery where done = 0 and due_at <= ? order by rowid',
      )
      .all(Math.floor(now().getTime() / 1_000))
      .flatMap(({ event }) => store.find('event', event) ?? [])
      .filter(({ id }) => !this.#sending.has(id))
  }

  async #attempt(event: Event) {
    const status = await this.#post(event)
    if (status >= 200 && status < 300) this.#finish(event)
    else this.#later(event)
  }

  async #post(event: Event): Promise<number> {
    const { endpoint, now } = this.#deps
    const body = JSON.stringify(event, null, 2)
    const signature = signatureOf(body, { secret: endpoint.secret, at: now() })
    try {
      const response = await fetch(endpoint.url, {
        method: 'POST',
        body,
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'stripe-signature': signature,
          'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
        },
      })
      await response.body?.cancel()
      return response.status
    } catch {
      return 0
    }
  }

  #finish(event: Event) {
    const { store } = this.#deps
    store.database.query('update delivery set done = 1 where event = ?').run(event.id)
    store.update('event', { ...event, pending_webhooks: 0 })
  }

  #later(event: Event) {
    const { store, now } = this.#deps
    const row = store.database
      .query<{ attempts: number }, [string]>(
        'update delivery set attempts = attempts + 1 where event = ? returning attempts',
      )
      .get(event.id)
    const wait = backoffSeconds[(row?.attempts ?? 1) - 1]
    if (wait === undefined) return this.#finish(event)
    store.database
      .query('update delivery set due_at = ? where event = ?')
      .run(Math.floor(now().getTime() / 1_000) + wait, event.id)
  }
}
