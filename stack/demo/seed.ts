import type { Minter, Viewer } from '#kit/identity-token'
import type { Service } from '#kit/service'
import { type Role, scopesOf } from '#schema/scopes'
import { type DemoCoach, demoAdmin, demoClients, demoCoaches, demoPassword } from './people.ts'

export type SeedDeps = {
  readonly rooms: ReadonlyMap<string, Service>
  readonly minter: Minter
}

type Answer = Record<string, { __typename?: string } & Record<string, unknown>>
type Ask = (room: string, query: string, variables?: object) => Promise<Answer>

const viewerOf = (id: string, roles: readonly Role[]): Viewer => ({
  id,
  roles,
  scopes: scopesOf(roles),
  acr: '1',
  actor: null,
  sessionId: null,
})

/** The demo is written through the graph, as a person would: what it may not do, nobody may. */
const askAs =
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

/** Throws unless the mutation answered with its success type. */
function expectType(answer: Answer, field: string, type: string) {
  const result = answer[field]
  if (result?.__typename === type) return result
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
  __typename ... on UserError { code message path } } }`

const uuidOf = (globalId: unknown) =>
  Buffer.from(String(globalId), 'base64url').toString().split(':')[1] ?? ''

type Newcomer = { email: string; displayName: string; locale?: string; roles: Role[] }

async function newAccount(admin: Ask, { email, displayName, locale = 'fr', roles }: Newcomer) {
  const idempotencyKey = `demo-${email}`
  const input = { idempotencyKey, email, displayName, locale, roles, password: demoPassword }
  const made = expectType(
    await admin('auth', provision, { input }),
    'provisionAccount',
    'AccountProvisioned',
  )
  return viewerOf(uuidOf(made.userId), roles)
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

async function seedCoach(deps: SeedDeps, admin: Ask, coach: DemoCoach) {
  const { email, displayName, timeZone, week, services, ...profile } = coach
  const ask = askAs(deps, await newAccount(admin, { email, displayName, roles: ['COACH'] }))
  await profileArrived(ask)
  const own = { timeZone, expectedVersion: 1 }
  expectType(await ask('users', updateProfile, { input: own }), 'updateProfile', 'ProfileUpdated')
  const published = { ...profile, published: true }
  expectType(await ask('users', upsertCoach, { input: published }), 'upsertCoach', 'CoachUpserted')
  const validFrom = new Date().toISOString().slice(0, 10)
  const rules = week.map((rule) => ({ ...rule, validFrom }))
  const hours = { timeZone, rules, expectedVersion: 0 }
  expectType(
    await ask('bookings', setAvailability, { input: hours }),
    'setAvailability',
    'AvailabilitySet',
  )
  for (const service of services) {
    const input = { capacity: 1, location: 'ONLINE', ...service }
    expectType(await ask('bookings', upsertService, { input }), 'upsertService', 'ServiceUpserted')
  }
}

/** Writes the demo's people once; false when there are coaches already. */
export async function seedDemo(deps: SeedDeps): Promise<boolean> {
  const anybody = askAs(deps, null)
  const { coaches } = await anybody('users', '{ coaches(first: 1) { totalCount } }')
  if (coaches?.totalCount !== 0) return false
  const admin = askAs(deps, viewerOf(crypto.randomUUID(), ['ADMIN']))
  for (const client of demoClients) await newAccount(admin, { ...client, roles: ['CLIENT'] })
  for (const coach of demoCoaches) await seedCoach(deps, admin, coach)
  return true
}

export const demoAccounts = [
  { role: 'client', email: demoClients[0].email },
  { role: 'coach', email: demoCoaches[0]?.email ?? '' },
  { role: 'admin', email: demoAdmin.email },
] as const
