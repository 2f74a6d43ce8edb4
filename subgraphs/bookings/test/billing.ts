import type { Bus } from '#kit/bus'
import { createEmbeddedBus } from '#kit/bus.embedded'
import { fromGlobalId } from '#kit/id'
import { createLog } from '#kit/log'
import type { Harness } from './harness.ts'

const idOf = (type: 'Booking' | 'Service', globalId: string) => fromGlobalId(type, globalId) ?? ''

/** Billing's side of the bus: what the room hears of prices and payments. */
export class Billing {
  static async start({ db }: Harness) {
    const log = createLog({ service: 'billing', level: 'silent' })
    return new Billing(await createEmbeddedBus({ url: db.url('billing'), service: 'billing', log }))
  }

  readonly #bus: Bus
  constructor(bus: Bus) {
    this.#bus = bus
  }

  #tell(topic: string, entityId: string, payload: Record<string, string | number | null>) {
    const id = crypto.randomUUID()
    return this.#bus.publish([{ id, topic, entityId, payload, headers: {}, at: new Date() }])
  }

  price(service: string, price: { amount: number | null; currency?: string; version: number }) {
    const serviceId = idOf('Service', service)
    const payload = { serviceId, currency: 'EUR', ...price }
    return this.#tell('billing.price-changed', serviceId, payload)
  }

  paid(booking: string, amount: number, paymentId = crypto.randomUUID()) {
    const payload = { bookingId: idOf('Booking', booking), paymentId, amount, currency: 'EUR' }
    return this.#tell('billing.payment-succeeded', paymentId, payload).then(() => paymentId)
  }

  /** `refunded` is all that has been given back. */
  refunded(booking: string, { paymentId, refunded }: { paymentId: string; refunded: number }) {
    const payload = { bookingId: idOf('Booking', booking), paymentId, refunded, currency: 'EUR' }
    return this.#tell('billing.payment-refunded', paymentId, payload)
  }

  failed(booking: string) {
    const paymentId = crypto.randomUUID()
    const payload = { bookingId: idOf('Booking', booking), paymentId, failureCode: 'card_declined' }
    return this.#tell('billing.payment-failed', paymentId, payload)
  }

  stop() {
    return this.#bus.stop()
  }
}
