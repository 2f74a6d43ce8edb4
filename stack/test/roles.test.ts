import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Role } from '#schema/scopes'
import type { Person } from '../testing/person.ts'
import { type TestSystem, testSystem } from '../testing/system.ts'

const tried: readonly Role[] = ['CLIENT', 'COACH', 'ADMIN']
const people = new Map<Role, Person>()
let it: TestSystem

beforeAll(async () => {
  it = await testSystem()
  for (const role of tried) people.set(role, await it.person(`A ${role}`, [role]))
}, 60_000)
afterAll(() => it?.stop())

/** As the gateway says it, as a subgraph does, and to whom the graph has no such field. */
const refusals = ['UNAUTHORIZED_FIELD_OR_TYPE', 'FORBIDDEN', 'GRAPHQL_VALIDATION_FAILED']

/** Whether somebody is let in, whatever comes of it. */
async function isLetIn(person: Person | undefined, query: string): Promise<boolean> {
  const { body } = (await person?.graph({ query })) ?? {}
  const codes = body?.errors?.map(({ extensions }) => extensions.code) ?? []
  expect(codes.filter((code) => !refusals.includes(code))).toEqual([])
  return codes.length === 0
}

const nobody = 'Qm9va2luZzowMThmMDAwMC0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMDAwMDE='

describe('the roles', () => {
  test.each([
    ['lists people', '{ users(first: 1) { totalCount } }', ['ADMIN']],
    ['reads payments', '{ payments(first: 1) { totalCount } }', ['ADMIN']],
    [
      'lists the programs of partners',
      '{ apiClients(first: 1) { edges { node { name } } } }',
      ['ADMIN'],
    ],
    [
      'sets a price',
      `mutation { setServicePrice(input: { serviceId: "${nobody}", amount: 1 }) { __typename } }`,
      ['COACH'],
    ],
    [
      'pays',
      `mutation { startCheckout(input: { idempotencyKey: "roles-test", bookingId: "${nobody}" }) { __typename } }`,
      ['CLIENT', 'COACH'],
    ],
    ['reads their own bookings', '{ bookings(first: 1) { totalCount } }', tried],
  ] as const)('[FC-40] who %s', async (_, query, allowed) => {
    const letIn = await Promise.all(tried.map((role) => isLetIn(people.get(role), query)))
    expect(tried.filter((_, index) => letIn[index])).toEqual([...allowed])
  })
})

test('[MP-25] a person is the subject of their provider, and what is said of them', async () => {
  await it.person('Referenced')
  const rows = await it.db.connectAdmin()`
    select p.display_name, p.locale, s.subject = p.id::text as is_subject, a.id = p.id as is_account
    from users.person p
    join auth.account a on a.email = p.email
    join auth.web_session s on s.person_id = p.id
    where p.display_name = 'Referenced'`
  expect([...rows]).toEqual([
    { displayName: 'Referenced', locale: 'fr', isSubject: true, isAccount: true },
  ])
}, 30_000)
