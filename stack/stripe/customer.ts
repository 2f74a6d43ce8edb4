import type { Stripe } from 'stripe'
import { metadata, text } from './params.ts'
import { emit, existing, newId, type World } from './world.ts'

export const customerParams = {
  email: text.optional(),
  name: text.optional(),
  phone: text.optional(),
  description: text.optional(),
  metadata,
}

type Params = {
  email?: string | undefined
  name?: string | undefined
  phone?: string | undefined
  description?: string | undefined
  metadata: Record<string, string>
}

const noSettings = {
  custom_fields: null,
  default_payment_method: null,
  footer: null,
  rendering_options: null,
}

export function createCustomer(world: World, params: Params): Stripe.Customer {
  const customer: Stripe.Customer = {
    id: newId('cus', 14),
    object: 'customer',
    address: null,
    balance: 0,
    created: world.now,
    currency: null,
    default_source: null,
    delinquent: false,
    description: params.description ?? null,
    email: params.email ?? null,
    invoice_settings: noSettings,
    livemode: false,
    metadata: params.metadata,
    name: params.name ?? null,
    phone: params.phone ?? null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: null,
  }
  emit(world, 'customer.created', world.store.insert('customer', customer))
  return customer
}

/** Changes what is given. */
export function updateCustomer(world: World, id: string, params: Params): Stripe.Customer {
  const before = existing(world, 'customer', id)
  const given = Object.fromEntries(
    Object.entries(params).filter(([, value]) => value !== undefined),
  )
  const after: Stripe.Customer = {
    ...before,
    ...given,
    metadata: { ...before.metadata, ...params.metadata },
  }
  emit(world, 'customer.updated', world.store.update('customer', after))
  return after
}
