import { lineItemsOf } from './checkout-session.ts'
import { invalidRequest } from './fault.ts'
import type { FormValue } from './form.ts'
import type { World } from './world.ts'

type Fields = Record<string, unknown>

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null

/** The object that is shown in the place of its id; null when that field is no id. */
function objectAt(world: World, inside: Fields, name: string): unknown {
  if (name === 'line_items' && inside.object === 'checkout.session') {
    const session = world.store.find('checkout.session', String(inside.id))
    return session && lineItemsOf(world.store, session)
  }
  const value = inside[name]
  return typeof value === 'string' ? world.store.findAny(value) : value
}

function expandPath(world: World, inside: unknown, names: readonly string[]): unknown {
  const [name, ...rest] = names
  if (name === undefined || inside === null) return inside
  if (Array.isArray(inside)) return inside.map((one) => expandPath(world, one, names))
  if (!isFields(inside)) return inside
  const found = objectAt(world, inside, name)
  if (found === undefined) {
    throw invalidRequest(`This property cannot be expanded (${name}).`, { param: 'expand' })
  }
  return { ...inside, [name]: expandPath(world, found ?? inside[name] ?? null, rest) }
}

/** The answer with whole objects where the caller asked for them. Throws StripeFault. */
export function expanded(world: World, body: object, asked: FormValue | undefined): unknown {
  if (typeof asked !== 'object') return body
  return Object.values(asked).reduce<unknown>(
    (whole, path) => expandPath(world, whole, String(path).split('.')),
    body,
  )
}
