import { z } from 'zod'
import { toGlobalId } from '#kit/id'
import type { Minter, Viewer } from '#kit/identity-token'
import type { Service } from '#kit/service'
import type { Role } from '#schema/scopes'
import { viewerWith } from '../viewer.ts'
import { type DemoCoach, demoAdmin, demoClients, demoCoaches, demoPassword } from './people.ts'

export type SeedDeps = {
  readonly rooms: ReadonlyMap<string, Service>
  readonly minter: Minter
}

type Answer = Record<string, ({ __typename?: string } & Record<string, unknown>) | null>
export type Ask = (room: string, query: string, variables?: object) => Promise<Answer>

/** The demo is written through the graph, as a person would: what it may not do, nobody may. */
export const askAs =
  ({ rooms, minter }: SeedDeps, viewer: Viewer | null): Ask =>
  async (room, query, variables) => {
    const service = rooms.get(room)
    if (!service) throw new Error(`The demo needs the room ${room}.`)
    const response = await service.fetch(
      new Request(`http://${room}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${await minter.mint(viewer, room)}`,
        },
        body: JSON.stringify({ query, variables: variables ?? {} }),
      }),
    )
    const { data, errors } = await response.json()
    if (errors) throw new Error(`The demo data was refused: ${JSON.stringify(errors)}`)
    return data
  }

/** Throws unless the mutation answered with one of these types; the second is what a repeated start gets. */
function expectType(answer: Answer, field: string, types: readonly string[]) {
  const result = answer[field]
  if (result && types.includes(result.__typename ?? '')) return result
  throw new Error(`The demo data was refused: ${field} answered ${JSON.stringify(result)}`)
}

const provision = `mutation ($input: ProvisionAccountInput!) { provisionAccount(input: $input) {
  __typename ... on AccountProvisioned { userId } ... on UserError { code message path } } }`
const upsertCoach = `mutation ($input: UpsertCoachInput!) { upsertCoach(input: $input) {
  __typename ... on UserError { code message path } } }`
const updateProfile = `mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) {
  __typename ... on UserError { code message path } } }`
const setAvailability = `mutation ($input: SetAvailabilityInput!) { setAvailability(input: $input) {
  __typename ... on UserError { code message path } } }`
const upsertService = `mutation ($input: UpsertServiceInput!) { upsertService(input: $input) {
  __typename ... on ServiceUpserted { service { id } } ... on UserError { code message path } } }`
const setServicePrice = `mutation ($input: SetServicePriceInput!) { setServicePrice(input: $input) {
  __typename ... on UserError { code message path } } }`

const peopleByEmail = 'query ($search: String) { users(search: $search) { edges { node { id } } } }'
const PeopleFound = z.object({ edges: z.array(z.object({ node: z.object({ id: z.string() }) })) })

const servicesOfCoach = `query ($coachId: ID!) {
  services(coachId: $coachId, first: 100) { edges { node { id name(locale: "fr") } } } }`
const ServicesFound = z.object({
  edges: z.array(z.object({ node: z.object({ id: z.string(), name: z.string() }) })),
})
const ServiceMade = z.object({ service: z.object({ id: z.string() }) })

const uuidOf = (globalId: unknown) =>
  Buffer.from(String(globalId), 'base64url').toString().split(':')[1] ?? ''

type Newcomer = { email: string; displayName: string; locale?: string; roles: Role[] }

async function newAccount(admin: Ask, { email, displayName, locale = 'fr', roles }: Newcomer) {
  const idempotencyKey = `demo-${email}`
  const input = { idempotencyKey, email, displayName, locale, roles, password: demoPassword }
  const answer = await admin('auth', provision, { input })
  const made = expectType(answer, 'provisionAccount', ['AccountProvisioned', 'ConflictError'])
  return viewerWith(roles, uuidOf(made.userId ?? (await userIdOf(admin, email))))
}

/** The account is there from a start that was cut short; its person is found by e-mail. */
async function userIdOf(admin: Ask, search: string) {
  const { users } = await admin('users', peopleByEmail, { search })
  const [edge] = PeopleFound.parse(users).edges
  if (!edge) throw new Error(`The demo cannot go on: ${search} has an account and no profile.`)
  return edge.node.id
}

/** A new person's profile follows their account by event. */
async function profileArrived(ask: Ask) {
  const deadline = Date.now() + 20_000
  while (Date.now() < deadline) {
    const { viewer } = await ask('users', '{ viewer { user { id } } }')
    if (viewer?.user) return
    await Bun.sleep(20)
  }
  throw new Error('A demo profile did not arrive within 20 seconds.')
}

/** Each part may be there from a start that was cut short. Published last: who is published is complete. */
async function seedCoach(deps: SeedDeps, admin: Ask, coach: DemoCoach) {
  const { email, displayName, timeZone, week, services, ...profile } = coach
  const viewer = await newAccount(admin, { email, displayName, roles: ['COACH'] })
  const ask = askAs(deps, viewer)
  await profileArrived(ask)
  const own = { input: { timeZone, expectedVersion: 1 } }
  const changed = await ask('users', updateProfile, own)
  expectType(changed, 'updateProfile', ['ProfileUpdated', 'StaleVersionError'])
  const validFrom = new Date().toISOString().slice(0, 10)
  const rules = week.map((rule) => ({ ...rule, validFrom }))
  const hours = { input: { timeZone, rules, expectedVersion: 0 } }
  const opened = await ask('bookings', setAvailability, hours)
  expectType(opened, 'setAvailability', ['AvailabilitySet', 'ConflictError'])
  await seedServices(ask, toGlobalId('Coach', viewer.id), services)
  const published = { input: { ...profile, published: true } }
  expectType(await ask('users', upsertCoach, published), 'upsertCoach', ['CoachUpserted'])
}

type DemoService = DemoCoach['services'][number]

async function newService(ask: Ask, service: DemoService): Promise<string> {
  const { price: _, ...terms } = service
  const input = { capacity: 1, location: 'ONLINE', ...terms }
  const offered = await ask('bookings', upsertService, { input })
  return ServiceMade.parse(expectType(offered, 'upsertService', ['ServiceUpserted'])).service.id
}

/** The same price again is no change. On a slow machine a new service may be heard of late. */
async function priceService(ask: Ask, serviceId: string, amount: number) {
  const types = ['ServicePriced', 'NotFoundError']
  const deadline = Date.now() + 20_000
  for (;;) {
    const answer = await ask('billing', setServicePrice, { input: { serviceId, amount } })
    const { __typename } = expectType(answer, 'setServicePrice', types)
    if (__typename === 'ServicePriced') return
    if (Date.now() > deadline) throw new Error('A demo service was not heard of within 20 seconds.')
  }
}

async function seedServices(ask: Ask, coachId: string, services: DemoCoach['services']) {
  const found = await ask('bookings', servicesOfCoach, { coachId })
  const known = ServicesFound.parse(found.services).edges.map(({ node }) => node)
  for (const service of services) {
    const id =
      known.find(({ name }) => name === service.nameFr)?.id ?? (await newService(ask, service))
    if (service.price) await priceService(ask, id, service.price)
  }
}

/** Writes those of the demo's people who are not there yet; false when nobody was missing. */
export async function seedDemo(deps: SeedDeps): Promise<boolean> {
  const anybody = askAs(deps, null)
  const missing: DemoCoach[] = []
  for (const coach of demoCoaches) {
    const found = await anybody(
      'users',
      'query ($slug: String!) { coach(slug: $slug) { id } }',
      coach,
    )
    if (!found.coach) missing.push(coach)
  }
  if (missing.length === 0) return false
  const admin = askAs(deps, viewerWith(['ADMIN']))
  for (const client of demoClients) await newAccount(admin, { ...client, roles: ['CLIENT'] })
  for (const coach of missing) await seedCoach(deps, admin, coach)
  return true
}

export const demoAccounts = [
  { role: 'client', email: demoClients[0].email },
  { role: 'coach', email: demoCoaches[0]?.email ?? '' },
  { role: 'admin', email: demoAdmin.email },
] as const
