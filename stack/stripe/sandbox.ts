import { listen } from '#kit/listen'
import { answerApi } from './api.ts'
import { expireIfOpen } from './checkout-session.ts'
import { Control } from './control.ts'
import { Delivery, type Endpoint } from './delivery.ts'
import { answerPage } from './page.ts'
import { settleRefund } from './refund.ts'
import { Store } from './store.ts'
import type { World } from './world.ts'

export type StripeSandbox = {
  /** The API's base URL, and the hosted page's. */
  readonly origin: string
  readonly store: Store
  /** What goes wrong with calls. */
  readonly control: Control
  /** What becomes of events. */
  readonly delivery: Delivery
  /** Lets the time that has passed do its work, and sends what is due; happens by itself all the time. */
  tick(): void
  stop(): Promise<void>
}

type Options = {
  /** 0 takes any free port. */
  readonly port: number
  readonly secretKey: string
  readonly endpoint: Endpoint
  readonly now: () => Date
  /** A SQLite file; without it everything is forgotten at the end. */
  readonly file?: string
}

const tickMs = 250

/**
 * A Stripe of our own: what the product uses of its API, with state, events and a page to pay on. No money moves. Throws
 * PortTakenError.
 */
export function startStripeSandbox(options: Options): StripeSandbox {
  const { secretKey, endpoint, now } = options
  const store = new Store(options.file ?? ':memory:')
  const control = new Control()
  const delivery = new Delivery({ store, endpoint, now })
  let origin = ''
  const worldOf = (request: World['request']): World => ({
    ...{ store, origin, request },
    now: Math.floor(now().getTime() / 1_000),
  })
  const wake = () => {
    const world = worldOf({ id: null, idempotencyKey: null })
    store.atomically(() => {
      for (const id of store.takeDue(world.now)) {
        expireIfOpen(world, id)
        settleRefund(world, id)
      }
    })
    return world
  }
  const tick = () => {
    wake()
    delivery.send()
  }
  const answer = async (request: Request): Promise<Response> => {
    const world = wake()
    const { pathname } = new URL(request.url)
    if (pathname.startsWith('/v1/')) {
      return answerApi(request, { store, secretKey, control, worldOf, changed: tick })
    }
    const response = await answerPage(request, { world, secretKey })
    tick()
    return response
  }
  const server = listen({
    port: options.port,
    portSetting: 'STRIPE_SANDBOX_PORT',
    hostname: '127.0.0.1',
    fetch: answer,
  })
  origin = `http://localhost:${server.port}`
  const ticking = setInterval(tick, tickMs)
  const stop = async () => {
    clearInterval(ticking)
    await server.stop(true)
    delivery.hold()
    await delivery.idle()
    store.close()
  }
  return { origin, store, control, delivery, tick, stop }
}
