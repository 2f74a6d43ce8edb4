import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { JWK } from 'jose'
import { toGlobalId } from '#kit/id'
import { createLog } from '#kit/log'
import { createMetrics } from '#kit/metrics'
import type { Pool } from '#kit/postgres'
import { type TestDatabase, testDatabase } from '../../../stack/testing/database.ts'
import { ask, dataOf, testIdentity, viewerWith } from '../../../stack/testing/subgraph.ts'
import { createUsers } from '../app.ts'
import { configFrom } from '../config.ts'

let db: TestDatabase
let admin: Pool
let statements: string[] = []
let as: (
  viewer: ReturnType<typeof viewerWith> | null,
  query: string,
  variables?: Record<string, unknown>,
) => ReturnType<typeof ask>

const now = () => new Date('2027-01-04T09:00:00Z')

const usersTrusting = (publicJwks: readonly JWK[]) =>
  createUsers({
    config: configFrom({
      DATABASE_URL: db.url('users'),
      PUBLIC_ORIGIN: 'https://plexus.example',
      MAIL_FOLDER: '/nowhere',
      LETTER_KEYS: `now:${'k'.repeat(43)}`,
      IDENTITY_PUBLIC_JWKS: JSON.stringify({ keys: publicJwks }),
    }),
    log: createLog({ service: 'users', level: 'silent' }),
    metrics: createMetrics('users'),
    now,
    onStatement: (text) => statements.push(text),
  })

beforeAll(async () => {
  db = await testDatabase()
  admin = db.connectAdmin()
  const { publicJwks, minter } = await testIdentity(now)
  const users = usersTrusting(publicJwks)
  as = (viewer, query, variables = {}) =>
    ask({ fetch: users.fetch, name: 'users', minter }, viewer, { query, variables })
})
afterAll(() => db.drop())

type Person = { displayName: string; email?: string }

async function person({ displayName, email }: Person, roles: Parameters<typeof viewerWith>[0]) {
  const viewer = viewerWith(roles)
  await admin`
    insert into users.person (id, email, display_name)
    values (${viewer.id}, ${email ?? `${viewer.id}@example.org`}, ${displayName})`
  return viewer
}

const upsertCoach = `mutation ($input: UpsertCoachInput!) { upsertCoach(input: $input) {
  __typename
  ... on CoachUpserted { coach { id slug displayName headline bio(locale: "en") specialties languages city published } }
  ... on UserError { code message path }
} }`

const profile = {
  slug: 'lea-martin',
  headline: 'Reprendre souffle',
  bioFr: 'Dix ans de pratique.',
  specialties: ['Stress', 'Sommeil'],
  languages: ['fr', 'en'],
  city: 'Orléans',
  published: true,
}

async function coach(displayName: string, change: Partial<typeof profile> = {}) {
  const viewer = await person({ displayName }, ['COACH'])
  const slug = `c${viewer.id.slice(0, 8)}`
  const { body } = await as(viewer, upsertCoach, { input: { ...profile, slug, ...change } })
  expect(body.data).toMatchObject({ upsertCoach: { __typename: 'CoachUpserted' } })
  return { viewer, slug: change.slug ?? slug }
}

describe('viewer', () => {
  const query = '{ viewer { id roles scopes user { displayName email } coach { slug } } }'

  test('an anonymous caller is nobody', async () => {
    expect((await as(null, query)).body).toEqual({ data: { viewer: null } })
  })

  test('a person reads themselves, with their own e-mail', async () => {
    const ada = await person({ displayName: 'Ada', email: 'ada@example.org' }, ['CLIENT'])
    expect((await as(ada, query)).body.data).toMatchObject({
      viewer: {
        id: toGlobalId('Viewer', ada.id),
        roles: ['CLIENT'],
        user: { displayName: 'Ada', email: 'ada@example.org' },
        coach: null,
      },
    })
  })

  test('a person whose profile has not arrived is signed in without one', async () => {
    const { body } = await as(viewerWith(['CLIENT']), query)
    expect(body.errors).toBeUndefined()
    expect(body.data).toMatchObject({ viewer: { user: null } })
  })

  test('a viewer reference of somebody else resolves to null', async () => {
    const representations = [
      { __typename: 'Viewer', id: toGlobalId('Viewer', crypto.randomUUID()) },
    ]
    const entities =
      'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Viewer { id } } }'
    const { body } = await as(viewerWith(['CLIENT']), entities, { representations })
    expect(body.data).toEqual({ _entities: [null] })
  })
})

describe('users', () => {
  test('a stranger gets null for a person who exists, exactly as for one who does not', async () => {
    const ada = await person({ displayName: 'Hidden' }, ['CLIENT'])
    const node = (id: string) =>
      as(viewerWith(['CLIENT']), 'query ($id: ID!) { node(id: $id) { id } }', { id })
    const existing = await node(toGlobalId('User', ada.id))
    const missing = await node(toGlobalId('User', crypto.randomUUID()))
    expect(existing.body).toEqual({ data: { node: null } })
    expect(existing.body).toEqual(missing.body)
  })

  test('[FC-40] only users:admin lists people; others are told what is missing', async () => {
    const query = '{ users(first: 2) { edges { node { displayName } } totalCount } }'
    const refused = await as(viewerWith(['CLIENT']), query)
    expect(refused.body.errors?.[0]?.extensions.code).toBe('FORBIDDEN')
    const anonymous = await as(null, query)
    expect(anonymous.body.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED')
    const allowed = await as(viewerWith(['ADMIN']), query)
    expect(allowed.body.errors).toBeUndefined()
  })

  test('search finds by name without accents and by the start of the e-mail', async () => {
    await person({ displayName: 'Éléonore Dupré', email: 'leo@dupre.example' }, ['CLIENT'])
    const query =
      'query ($search: String) { users(search: $search) { edges { node { displayName } } totalCount } }'
    for (const search of ['eleonore', 'DUPRE', 'leo@dup']) {
      const { body } = await as(viewerWith(['ADMIN']), query, { search })
      expect(body.data).toEqual({
        users: { edges: [{ node: { displayName: 'Éléonore Dupré' } }], totalCount: 1 },
      })
    }
  })

  test("a published coach's contact details stay hidden from a client", async () => {
    const { viewer } = await coach('Visible Coach')
    const query =
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { displayName email } } }'
    const r = [{ __typename: 'User', id: toGlobalId('User', viewer.id) }]
    const { body } = await as(viewerWith(['CLIENT']), query, { r })
    expect(body.data).toEqual({ _entities: [{ displayName: 'Visible Coach', email: null }] })
    expect(body.errors?.[0]?.extensions.code).toBe('FORBIDDEN')
  })
})

describe('updateProfile', () => {
  const mutation = `mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) {
    __typename
    ... on ProfileUpdated { user { displayName timeZone version } }
    ... on UserError { code message path }
    ... on StaleVersionError { currentVersion }
  } }`

  test('changes what is given and leaves the rest', async () => {
    const ada = await person({ displayName: 'Ada' }, ['CLIENT'])
    const input = { displayName: '  Ada L. ', timeZone: 'America/Montreal', expectedVersion: 1 }
    expect((await as(ada, mutation, { input })).body.data).toEqual({
      updateProfile: {
        __typename: 'ProfileUpdated',
        user: { displayName: 'Ada L.', timeZone: 'America/Montreal', version: 2 },
      },
    })
  })

  test('of two changes to one version, one wins and the other learns the version', async () => {
    const ada = await person({ displayName: 'Ada' }, ['CLIENT'])
    const change = (displayName: string) =>
      as(ada, mutation, { input: { displayName, expectedVersion: 1 } })
    const kinds = (await Promise.all([change('One'), change('Two')])).map(
      (asked) => dataOf<{ updateProfile: { __typename: string } }>(asked).updateProfile.__typename,
    )
    expect(kinds.sort()).toEqual(['ProfileUpdated', 'StaleVersionError'])
  })

  test.each([
    [{ displayName: ' ' }, ['displayName']],
    [{ displayName: 'x'.repeat(121) }, ['displayName']],
    [{ locale: 'de' }, ['locale']],
    [{}, null],
  ])('[FC-31] refuses %p and names the path', async (change, path) => {
    const ada = await person({ displayName: 'Ada' }, ['CLIENT'])
    const { body } = await as(ada, mutation, { input: { ...change, expectedVersion: 1 } })
    expect(body.data).toMatchObject({ updateProfile: { __typename: 'ValidationError', path } })
  })

  test('a zone that does not exist is refused with an example of one that does', async () => {
    const input = { timeZone: 'Paris/Europe', expectedVersion: 1 }
    const { body } = await as(viewerWith(['CLIENT']), mutation, { input })
    expect(body.errors?.[0]?.message).toContain('"Europe/Paris"')
  })
})

type CoachPage = {
  edges: { node: { id: string; displayName: string } }[]
  pageInfo: { hasNextPage: boolean; endCursor: string }
  totalCount: number
}
const coachesOf = (asked: Awaited<ReturnType<typeof ask>>) =>
  dataOf<{ coaches: CoachPage }>(asked).coaches

describe('coaches', () => {
  const list = `query ($first: Int, $after: String, $filter: CoachFilter) {
    coaches(first: $first, after: $after, filter: $filter) {
      edges { node { id slug displayName bio } } pageInfo { hasNextPage endCursor } totalCount
    } }`

  test('a coach writes a profile and everybody can read it once it is published', async () => {
    const { viewer, slug } = await coach('Léa Martin', { slug: 'lea-martin' })
    const query =
      'query ($slug: String!) { coach(slug: $slug) { id displayName bio(locale: "en") } }'
    expect((await as(null, query, { slug })).body.data).toEqual({
      coach: {
        id: toGlobalId('Coach', viewer.id),
        displayName: 'Léa Martin',
        bio: 'Dix ans de pratique.',
      },
    })
  })

  test('an unpublished coach is null to others and readable to themselves', async () => {
    const { viewer, slug } = await coach('Draft Coach', { published: false })
    const query = 'query ($slug: String!) { coach(slug: $slug) { slug } }'
    expect((await as(null, query, { slug })).body.data).toEqual({ coach: null })
    expect((await as(viewer, query, { slug })).body.data).toEqual({ coach: { slug } })
  })

  test('a slug belongs to one coach: the second gets a conflict', async () => {
    await coach('First', { slug: 'the-one' })
    const second = await person({ displayName: 'Second' }, ['COACH'])
    const { body } = await as(second, upsertCoach, { input: { ...profile, slug: 'the-one' } })
    expect(body.data).toMatchObject({
      upsertCoach: { __typename: 'ConflictError', path: ['slug'] },
    })
  })

  test('a coach whose account has no profile yet is asked to wait', async () => {
    const { body } = await as(viewerWith(['COACH']), upsertCoach, {
      input: { ...profile, slug: 'too-early' },
    })
    expect(body.data).toMatchObject({ upsertCoach: { __typename: 'ConflictError', path: null } })
  })

  test.each([
    [{ slug: 'No Spaces' }, ['slug']],
    [{ languages: [] }, ['languages']],
    [{ languages: ['french'] }, ['languages', '0']],
    [{ headline: 'x'.repeat(161) }, ['headline']],
  ])('refuses %p and names the path', async (change, path) => {
    const viewer = await person({ displayName: 'Fussy' }, ['COACH'])
    const { body } = await as(viewer, upsertCoach, { input: { ...profile, ...change } })
    expect(body.data).toMatchObject({ upsertCoach: { __typename: 'ValidationError', path } })
  })

  test('a client cannot become a coach by asking', async () => {
    const { body } = await as(viewerWith(['CLIENT']), upsertCoach, { input: profile })
    expect(body.errors?.[0]?.extensions.code).toBe('FORBIDDEN')
  })

  test('pages join without a gap or a repeat, and search and filters hold together', async () => {
    for (const letter of ['A', 'B', 'C', 'D', 'E']) {
      await coach(`Pagé ${letter}`, { city: 'Brest', specialties: ['Voile'] })
    }
    const filter = { search: 'page', specialty: 'Voile', city: 'BREST', language: 'fr' }
    const seen: string[] = []
    let after: string | null = null
    do {
      const page: CoachPage = coachesOf(await as(null, list, { first: 2, after, filter }))
      expect(page.totalCount).toBe(5)
      seen.push(...page.edges.map(({ node }) => node.displayName))
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
    } while (after)
    expect(seen).toEqual(['A', 'B', 'C', 'D', 'E'].map((letter) => `Pagé ${letter}`))
  })

  test('renaming a person renames the coach in search', async () => {
    const { viewer, slug } = await coach('Old Name')
    await admin`update users.person set display_name = 'Zélie Nouvelle' where id = ${viewer.id}`
    const { body } = await as(null, list, { filter: { search: 'zelie' } })
    expect(body.data).toMatchObject({ coaches: { edges: [{ node: { slug } }] } })
  })

  test.each([
    [{ first: 0 }, '`first` must be between 1 and 100'],
    [{ first: 101 }, '`first` must be between 1 and 100'],
    [{ after: 'nonsense' }, '`after` is not a cursor'],
  ])('refuses the page %p', async (page, message) => {
    const { body } = await as(null, list, page)
    expect(body.errors?.[0]?.message).toContain(message)
    expect(body.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
  })

  test('a list costs the same number of statements for 1 and for 50 nodes', async () => {
    for (let index = 0; index < 50; index += 1) await coach(`Many ${index}`)
    const count = async (first: number) => {
      statements = []
      expect(coachesOf(await as(null, list, { first })).edges).toHaveLength(first)
      return statements.length
    }
    expect(await count(50)).toBe(await count(1))
  }, 30_000)

  test('fifty references cost as many statements as one', async () => {
    const ids = coachesOf(await as(null, list, { first: 50 })).edges.map(({ node }) => node.id)
    const entities =
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Coach { slug displayName } } }'
    const count = async (some: string[]) => {
      statements = []
      const r = some.map((id) => ({ __typename: 'Coach', id }))
      await as(null, entities, { r })
      return statements.length
    }
    expect(await count(ids)).toBe(await count(ids.slice(0, 1)))
  })
})

test('[FC-41] a call without the gateway token is refused, for anonymous people too', async () => {
  const { publicJwks } = await testIdentity(now)
  const users = usersTrusting(publicJwks)
  for (const authorization of [null, 'Bearer x.y.z', 'Basic abc']) {
    const response = await users.fetch(
      new Request('http://users/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
        body: JSON.stringify({ query: '{ viewer { id } }' }),
      }),
    )
    expect(response.status).toBe(401)
  }
})
