import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Viewer } from '#kit/identity-token'
import { createLog } from '#kit/log'
import { createMetrics } from '#kit/metrics'
import type { Pool } from '#kit/postgres'
import { type TestDatabase, testDatabase } from '../../../stack/testing/database.ts'
import { ask, dataOf, testIdentity, viewerWith } from '../../../stack/testing/subgraph.ts'
import { createUsers } from '../app.ts'
import { configFrom } from '../config.ts'

let db: TestDatabase
let admin: Pool
let as: (
  viewer: Viewer | null,
  query: string,
  variables: Record<string, unknown>,
) => ReturnType<typeof ask>
const lines: string[] = []
const now = () => new Date('2027-01-04T09:00:00Z')

beforeAll(async () => {
  db = await testDatabase()
  admin = db.connectAdmin()
  const { publicJwks, minter } = await testIdentity(now)
  const users = createUsers({
    config: configFrom({
      DATABASE_URL: db.url('users'),
      PUBLIC_ORIGIN: 'https://plexus.example',
      MAIL_FOLDER: '/nowhere',
      LETTER_KEYS: `now:${'k'.repeat(43)}`,
      IDENTITY_PUBLIC_JWKS: JSON.stringify({ keys: publicJwks }),
    }),
    log: createLog({ service: 'users', level: 'error', write: (line) => lines.push(line) }),
    metrics: createMetrics('users'),
    now,
  })
  as = (viewer, query, variables) =>
    ask({ fetch: users.fetch, name: 'users', minter }, viewer, { query, variables })
})
afterAll(() => db.drop())

const coachesQuery = `query ($filter: CoachFilter, $after: String) {
  coaches(filter: $filter, after: $after) { edges { node { displayName } } totalCount } }`
const peopleQuery = `query ($search: String) {
  users(search: $search) { edges { node { displayName } } totalCount } }`
const coachQuery = 'query ($slug: String!) { coach(slug: $slug) { slug } }'
const updateMutation = `mutation ($input: UpdateProfileInput!) {
  updateProfile(input: $input) { __typename } }`
const upsertMutation = `mutation ($input: UpsertCoachInput!) {
  upsertCoach(input: $input) { __typename } }`

async function person(displayName: string, email?: string) {
  const viewer = viewerWith(['COACH'])
  await admin`
    insert into users.person (id, email, display_name)
    values (${viewer.id}, ${email ?? `${viewer.id}@example.org`}, ${displayName})`
  return viewer
}

async function coach(displayName: string, headline: string) {
  const { id } = await person(displayName)
  await admin`
    insert into users.coach (id, slug, headline, published)
    values (${id}, ${`c${id.slice(0, 8)}`}, ${headline}, true)`
}

const cursorOf = (key: string) =>
  Buffer.from(JSON.stringify([key, crypto.randomUUID()])).toString('base64url')

describe('a character that PostgreSQL cannot keep is the client’s fault', () => {
  const anonymous: [string, string, Record<string, unknown>][] = [
    ['search', coachesQuery, { filter: { search: 'a\0b' } }],
    ['specialty', coachesQuery, { filter: { specialty: '\0' } }],
    ['language', coachesQuery, { filter: { language: '\0' } }],
    ['city', coachesQuery, { filter: { city: 'x\0' } }],
    ['a forged cursor', coachesQuery, { after: cursorOf('\0') }],
    ['slug', coachQuery, { slug: '\0' }],
  ]
  test.each(anonymous)('in %s', async (_, query, variables) => {
    const { body } = await as(null, query, variables)
    expect(body.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
    expect(body.errors?.[0]?.message).toContain('U+0000')
    expect(lines).toEqual([])
  })

  test('in the search of people and in half a character of a text', async () => {
    const found = await as(viewerWith(['ADMIN']), peopleQuery, { search: '\0' })
    expect(found.body.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
    const ada = await person('Ada Lin')
    for (const bioFr of ['\0', '\ud800']) {
      const slug = `s${ada.id.slice(0, 8)}`
      const input = { slug, bioFr, specialties: [], languages: ['fr'], published: false }
      const { body } = await as(ada, upsertMutation, { input })
      expect(body.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
      expect(body.errors?.[0]?.message).toContain('U+0000')
    }
    expect(lines).toEqual([])
  })

  test('in a display name', async () => {
    const ada = await person('Ada Moon')
    const input = { displayName: 'A\0da', expectedVersion: 1 }
    const { body } = await as(ada, updateMutation, { input })
    expect(body.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
    expect(body.errors?.[0]?.message).toContain('U+0000')
    expect(lines).toEqual([])
  })

  test('negative control: what is wrong on our side is still an error and logged', async () => {
    await admin`alter table users.coach rename column city to town`
    const { body } = await as(null, coachesQuery, { filter: { city: 'Lyon' } })
    await admin`alter table users.coach rename column town to city`
    expect(body.errors?.[0]?.extensions.code).toBe('INTERNAL')
    expect(lines.splice(0).join()).toContain('does not exist')
  })
})

describe('a search is a text and not a pattern', () => {
  type Found<Field extends string> = Record<
    Field,
    { edges: { node: { displayName: string } }[]; totalCount: number }
  >
  const coaches = async (search: string) =>
    dataOf<Found<'coaches'>>(await as(null, coachesQuery, { filter: { search } })).coaches
  const people = async (search: string) =>
    dataOf<Found<'users'>>(await as(viewerWith(['ADMIN']), peopleQuery, { search })).users
  const names = (found: { edges: { node: { displayName: string } }[] }) =>
    found.edges.map(({ node }) => node.displayName)

  beforeAll(async () => {
    await coach('Percy Cent', 'Calme à 100 % garanti')
    await coach('Under Score', 'snake_case')
    await coach('Back Slash', 'a\\b')
    await person('Dash Mail', 'dash-mail@example.org')
    await person('Under Mail', 'dash_mail@example.org')
  })

  test.each([
    ['%', ['Percy Cent']],
    ['0 % G', ['Percy Cent']],
    // unaccent turns the full-width signs into those that LIKE knows.
    ['％', ['Percy Cent']],
    ['_', ['Under Score']],
    ['_____', []],
    ['\\', ['Back Slash']],
    ['a\\b', ['Back Slash']],
    ['c%t', []],
  ])('%s finds the coaches who have it', async (search, expected) => {
    const found = await coaches(search)
    expect(names(found)).toEqual(expected)
    expect(found.totalCount).toBe(expected.length)
  })

  test.each([
    ['%', []],
    ['_____', []],
    ['dash_mail', ['Under Mail']],
    ['dash\\', []],
    ['dash', ['Dash Mail', 'Under Mail']],
  ])('%s finds the people who have it', async (search, expected) => {
    const found = await people(search)
    expect(names(found)).toEqual(expected)
    expect(found.totalCount).toBe(expected.length)
  })
})

describe('a text to look for has at most 100 characters', () => {
  test.each(['search', 'specialty', 'language', 'city'])('%s of coaches', async (name) => {
    const asked = (length: number) =>
      as(null, coachesQuery, { filter: { [name]: 'é'.repeat(length) } })
    expect((await asked(100)).body.errors).toBeUndefined()
    expect((await asked(101)).body.errors?.[0]).toMatchObject({
      message: `\`${name}\` has at most 100 characters.`,
      extensions: { code: 'BAD_USER_INPUT' },
    })
  })

  test('search of people', async () => {
    const asked = (length: number) =>
      as(viewerWith(['ADMIN']), peopleQuery, { search: 'x'.repeat(length) })
    expect((await asked(100)).body.errors).toBeUndefined()
    expect((await asked(101)).body.errors?.[0]).toMatchObject({
      message: '`search` has at most 100 characters.',
      extensions: { code: 'BAD_USER_INPUT' },
    })
  })
})
