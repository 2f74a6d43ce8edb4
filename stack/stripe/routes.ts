import type { z } from 'zod'
import { createSession, expireSession, lineItemsOf, sessionParams } from './checkout-session.ts'
import { createCustomer, customerParams, updateCustomer } from './customer.ts'
import type { StripeFault } from './fault.ts'
import type { FormFields } from './form.ts'
import { page, paramsFrom, text } from './params.ts'
import {
  cancelIntent,
  confirmIntent,
  confirmParams,
  declineOf,
  insertIntent,
  intentParams,
} from './payment-intent.ts'
import { createPrice, createProduct, priceParams, productParams } from './price.ts'
import { createRefund, refundParams } from './refund.ts'
import type { Kind, Where } from './store.ts'
import { existing, type World } from './world.ts'

/** A fault that is returned, not thrown, keeps what the call has done. */
type Result = object | StripeFault
type Run = (world: World) => Result

type Route = {
  readonly method: string
  readonly pattern: RegExp
  /** Throws StripeFault for parameters that it does not take, before anything is done. */
  prepare(fields: FormFields, id: string): Run
}

/** `/v1/customers/:id` */
const patternOf = (path: string) => new RegExp(`^${path.replace(':id', '([\\w-]{1,255})')}$`)

function route<Shape extends z.ZodRawShape>(
  line: `${'GET' | 'POST'} /v1/${string}`,
  shape: Shape,
  run: (world: World, params: z.output<z.ZodObject<Shape>>, id: string) => Result,
): Route {
  const [method = '', path = ''] = line.split(' ')
  return {
    method,
    pattern: patternOf(path),
    prepare: (fields, id) => {
      const params = paramsFrom(shape, fields)
      return (world) => run(world, params, id)
    },
  }
}

/** One object, and all of a kind. */
function reads<K extends Kind>(
  path: string,
  kind: K,
  filters: readonly (keyof Where<K> & string)[],
) {
  const shape = { ...page, ...Object.fromEntries(filters.map((name) => [name, text.optional()])) }
  return [
    route(`GET /v1/${path}`, shape, ({ store }, params) => {
      const given: Record<string, unknown> = params
      const where = Object.fromEntries(filters.map((name) => [name, given[name]]))
      // Each filter is a field of the kind, and text.
      const found = store.list(kind, params, where as Where<K>)
      return { object: 'list', url: `/v1/${path}`, ...found }
    }),
    route(`GET /v1/${path}/:id`, {}, (world, _, id) => existing(world, kind, id)),
  ]
}

const changes: readonly Route[] = [
  route('POST /v1/customers', customerParams, createCustomer),
  route('POST /v1/customers/:id', customerParams, (world, params, id) =>
    updateCustomer(world, id, params),
  ),
  route('POST /v1/products', productParams, createProduct),
  route('POST /v1/prices', priceParams, createPrice),
  route('POST /v1/checkout/sessions', sessionParams, createSession),
  route('POST /v1/checkout/sessions/:id/expire', {}, (world, _, id) => expireSession(world, id)),
  route('GET /v1/checkout/sessions/:id/line_items', page, (world, _, id) =>
    lineItemsOf(world.store, existing(world, 'checkout.session', id)),
  ),
  route('POST /v1/payment_intents', intentParams, (world, { confirm, ...params }) => {
    const intent = insertIntent(world, params)
    const { payment_method = '', return_url } = params
    if (!confirm) return intent
    const confirmed = confirmIntent(world, intent.id, { payment_method, return_url })
    return declineOf(confirmed) ?? confirmed
  }),
  route('POST /v1/payment_intents/:id/confirm', confirmParams, (world, params, id) => {
    const confirmed = confirmIntent(world, id, params)
    return declineOf(confirmed) ?? confirmed
  }),
  route('POST /v1/payment_intents/:id/cancel', {}, (world, _, id) => cancelIntent(world, id)),
  route('POST /v1/refunds', refundParams, createRefund),
]

const routes: readonly Route[] = [
  ...changes,
  ...reads('customers', 'customer', ['email']),
  ...reads('products', 'product', []),
  ...reads('prices', 'price', ['product', 'lookup_key']),
  ...reads('checkout/sessions', 'checkout.session', ['payment_intent', 'customer', 'status']),
  ...reads('payment_intents', 'payment_intent', ['customer']),
  ...reads('charges', 'charge', ['payment_intent', 'customer']),
  ...reads('refunds', 'refund', ['payment_intent', 'charge']),
  ...reads('events', 'event', ['type']),
]

/** The call that a request asks for; null when there is none. */
export function routeFor(method: string, path: string) {
  for (const one of routes) {
    const [found, id = ''] = one.method === method ? (one.pattern.exec(path) ?? []) : []
    if (found) return (fields: FormFields) => one.prepare(fields, id)
  }
  return null
}
