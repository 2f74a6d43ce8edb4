import { fromGlobalId } from '#kit/id'
import { createMinter } from '#kit/identity-token'
import type { Pool } from '#kit/postgres'
import { seedDemo } from '../../../stack/demo/seed.ts'
import type { Environment, ServiceName } from '../../../stack/environment.ts'
import type { Secrets } from '../../../stack/secrets.ts'
import { startSandboxFor } from '../../../stack/stripe/account.ts'
import { startSystem } from '../../../stack/system.ts'
import { holdSlot, offerSessions, priceSessions, slotsOf } from '../../../stack/testing/coach.ts'
import type { Person } from '../../../stack/testing/person.ts'
import { payAt } from '../../../stack/testing/stripe.ts'
import { peopleOf, until } from '../../../stack/testing/system.ts'

export type ProductOptions = {
  readonly environments: Record<ServiceName, Environment>
  readonly secrets: Secrets
  readonly ports: { readonly gateway: number; readonly stripe: number }
}

const now = () => new Date()

/** The whole product over the database that its environments name. */
export async function startProduct({ environments, secrets, ports }: ProductOptions) {
  const stripe = startSandboxFor({ secrets, now, port: ports.stripe, gatewayPort: ports.gateway })
  const system = await startSystem({ environments, now, write: () => {} })
  return {
    system,
    ...peopleOf(system.origin),
    stop: async () => {
      await system.stop()
      await stripe.stop()
    },
  }
}

export type Product = Awaited<ReturnType<typeof startProduct>>

const startCheckout = `mutation ($input: StartCheckoutInput!) { startCheckout(input: $input) {
  __typename ... on CheckoutStarted { redirectUrl } ... on UserError { message } } }`
const bookingQuery = 'query ($id: ID!) { booking(id: $id) { status payment { status } } }'

type FillOptions = { readonly secrets: Secrets; readonly sql: Pool }
type Held = { holdSlot: { booking?: { id: string } } }
type Started = { startCheckout: { redirectUrl?: string } }
type Read = { booking: { status: string; payment: { status: string } | null } }

const booked = async (person: Person, serviceId: string): Promise<string> => {
  const slot = (await slotsOf(person, serviceId)).at(-1)
  const input = { idempotencyKey: crypto.randomUUID(), slotToken: slot?.token }
  const { holdSlot: held } = await person.ask<Held>(holdSlot, { input })
  if (!held.booking) throw new Error(JSON.stringify(held))
  return held.booking.id
}

/** What a person reads of a booking: its state, and that of its payment. */
export async function stateOf(person: Person, id: string): Promise<string> {
  const { booking } = await person.ask<Read>(bookingQuery, { id })
  return `${booking.status} ${booking.payment?.status}`
}

/** The demo's people, and one session that somebody has booked and paid. */
export async function fillProduct(product: Product, { secrets, sql }: FillOptions) {
  const minter = createMinter({ privateJwk: secrets.identityJwk, now })
  await seedDemo({ rooms: product.system.rooms, minter })
  const coach = await product.person('Léa Martin', ['COACH'])
  const { serviceId } = await offerSessions(coach, { slug: 'lea-drill' })
  await priceSessions(coach, serviceId, 4_500)
  const id = fromGlobalId('Service', serviceId)
  await until(
    async () =>
      (await sql`select from bookings.service_price where service_id = ${id}`).length === 1,
  )
  const { email } = await product.account('Alice Drill', ['CLIENT'])
  const client = await product.signIn(email)
  await until(async () => {
    const { viewer } = await client.ask<{ viewer: { user: object | null } }>(
      '{ viewer { user { id } } }',
    )
    return viewer.user !== null
  })
  const bookingId = await booked(client, serviceId)
  const input = { idempotencyKey: crypto.randomUUID(), bookingId }
  const { startCheckout: started } = await client.ask<Started>(startCheckout, { input })
  await payAt(started.redirectUrl ?? '', 'good')
  await until(async () => (await stateOf(client, bookingId)) === 'CONFIRMED SUCCEEDED')
  return { email, bookingId }
}
