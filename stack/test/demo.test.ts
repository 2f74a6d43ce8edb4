import { afterAll, beforeAll, expect, test } from 'bun:test'
import { createMinter } from '#kit/identity-token'
import { demoClients, demoCoaches, demoPassword } from '../demo/people.ts'
import { demoAccounts, seedDemo } from '../demo/seed.ts'
import { type TestSystem, testSystem } from '../testing/system.ts'

let it: TestSystem
beforeAll(async () => {
  it = await testSystem()
}, 60_000)
afterAll(() => it.stop())

const seed = () => {
  const minter = createMinter({ privateJwk: it.secrets.identityJwk, now: () => new Date() })
  return seedDemo({ rooms: it.system.rooms, minter })
}

test('[BC-25] the demo is written once, and a second start leaves it alone', async () => {
  expect(await seed()).toBe(true)
  expect(await seed()).toBe(false)
  const client = await it.signIn(demoClients[0].email, demoPassword)
  const { coaches } = await client.ask<{ coaches: { totalCount: number } }>(
    '{ coaches(first: 1) { totalCount } }',
  )
  expect(coaches.totalCount).toBe(demoCoaches.length)
}, 60_000)

test('a start that was cut short is completed by the next one', async () => {
  const admin = it.db.connectAdmin()
  await admin`delete from users.coach where slug in ('lea-martin', 'ines-caron')`
  await admin`
    delete from bookings.service_price
    where service_id in (select id from bookings.service where name->>'fr' = 'Accompagnement')`
  await admin`delete from bookings.service where name->>'fr' = 'Accompagnement'`
  expect(await seed()).toBe(true)
  type Found = { coach: { services: { edges: { node: object }[] } } }
  const { coach } = await (await it.admin()).ask<Found>(
    `{ coach(slug: "lea-martin") { services { edges { node {
      name(locale: "fr") price { amount currency } } } } } }`,
  )
  const nodes = coach.services.edges.map(({ node }) => node)
  expect(nodes).toContainEqual({ name: 'Séance découverte', price: null })
  expect(nodes).toContainEqual({
    name: 'Accompagnement',
    price: { amount: 6_500, currency: 'EUR' },
  })
}, 60_000)

test('every account that is printed can sign in, except the administrator of another start', async () => {
  for (const { role, email } of demoAccounts.filter(({ role }) => role !== 'admin')) {
    const person = await it.signIn(email, demoPassword)
    const { roles } = await (await person.send('/auth/session')).json()
    expect(roles).toContain(role.toUpperCase())
  }
}, 60_000)
