import type { Stripe } from 'stripe'
import { z } from 'zod'
import { invalidRequest } from './fault.ts'
import { bool, currency, integer, metadata, text } from './params.ts'
import type { Price } from './store.ts'
import { emit, existing, newId, type World } from './world.ts'

export const productParams = {
  name: text.min(1),
  description: text.optional(),
  active: bool.default(true),
  metadata,
}

const amount = integer.pipe(z.int().min(0).max(99_999_999))
const productData = z.strictObject(productParams)

/** A price given in place, as checkout sessions take it. */
export const priceDataParams = {
  currency,
  unit_amount: amount,
  product: text.optional(),
  product_data: productData.optional(),
}

export const priceParams = {
  ...priceDataParams,
  active: bool.default(true),
  nickname: text.optional(),
  lookup_key: text.max(200).optional(),
  metadata,
}

type ProductParams = z.output<typeof productData>
type PriceData = z.output<z.ZodObject<typeof priceDataParams>>
type PriceParams = z.output<z.ZodObject<typeof priceParams>>

export function createProduct(world: World, params: ProductParams): Stripe.Product {
  const product: Stripe.Product = {
    id: newId('prod', 14),
    object: 'product',
    active: params.active,
    created: world.now,
    default_price: null,
    description: params.description ?? null,
    images: [],
    livemode: false,
    marketing_features: [],
    metadata: params.metadata,
    name: params.name,
    package_dimensions: null,
    shippable: null,
    statement_descriptor: null,
    tax_code: null,
    tax_details: null,
    type: 'service',
    unit_label: null,
    updated: world.now,
    url: null,
  }
  emit(world, 'product.created', world.store.insert('product', product))
  return product
}

function productOf(world: World, data: PriceData): Stripe.Product {
  if (data.product !== undefined) return existing(world, 'product', data.product, 'product')
  if (data.product_data) return createProduct(world, data.product_data)
  throw invalidRequest('You must specify either `product` or `product_data`.', {
    ...{ code: 'parameter_missing', param: 'product' },
  })
}

export function createPrice(world: World, params: PriceParams): Price {
  const price: Price = {
    id: newId('price'),
    object: 'price',
    active: params.active,
    billing_scheme: 'per_unit',
    created: world.now,
    currency: params.currency,
    custom_unit_amount: null,
    livemode: false,
    lookup_key: params.lookup_key ?? null,
    metadata: params.metadata,
    nickname: params.nickname ?? null,
    product: productOf(world, params).id,
    recurring: null,
    tax_behavior: 'unspecified',
    tiers_mode: null,
    transform_quantity: null,
    type: 'one_time',
    unit_amount: params.unit_amount,
    unit_amount_decimal: String(params.unit_amount),
  }
  emit(world, 'price.created', world.store.insert('price', price))
  return price
}

/** The price that a line item names, or gives in place; the latter can be used once only. */
export const priceOf = (
  world: World,
  item: { price?: string | undefined; price_data?: PriceData | undefined },
): Price =>
  item.price_data
    ? createPrice(world, { ...item.price_data, active: false, metadata: {} })
    : existing(world, 'price', item.price ?? '', 'line_items[0][price]')
