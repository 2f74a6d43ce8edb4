import { describe, expect, test } from 'bun:test'
import { linesOf } from '../schema/change/report.ts'
import { breaksOf, endOf, type UsedOperation } from '../schema/change/verdict.ts'

const published = `
  type Query { coach(slug: String!): Coach, coaches(filter: Filter): [Coach!]! }
  type Coach { slug: String!, headline: String, motto: String @deprecated(reason: "Removed after 2026-05-01: use headline.") , mood: Mood }
  enum Mood { CALM EAGER }
  input Filter { city: String, mood: Mood }
`
const today = new Date('2026-06-01')

const operation = (name: string, fields: string, calls: number | null = 3): UsedOperation => ({
  ...{ name, contract: 'partner', document: `query ${name} { ${fields} }` },
  callers: [{ client: 'acme', calls }],
})

const breaks = (
  change: readonly [string, string],
  operations: readonly UsedOperation[] = [],
  contract: 'partner' | 'app' = 'partner',
) =>
  breaksOf({
    ...{ contract, today, before: published, after: published.replace(...change) },
    operations: operations.map((one) => ({ ...one, contract })),
  })

const withoutHeadline = ['headline: String,', ''] as const
const withoutMotto = [/motto: .*?\) ,/.exec(published)?.[0] ?? '', ''] as const

describe('a change that breaks a contract', () => {
  test('names the registered operations it breaks, who runs them and how often', async () => {
    const users = [
      operation('Card', 'coach(slug: "a") { headline }'),
      operation('Slug', 'coach(slug: "a") { slug }'),
    ]
    const [found, ...others] = await breaks(withoutHeadline, users)
    expect(others).toEqual([])
    expect(found).toMatchObject({ coordinate: 'Coach.headline', allowed: null })
    expect(found && linesOf(found)).toEqual([
      "partner: Field 'headline' was removed from object type 'Coach'",
      '    breaks Card (acme, 3 calls in 30 days)',
    ])
  })

  const rows: [string, readonly [string, string], string, boolean][] = [
    ['a field that may be null now', ['{ slug: String!', '{ slug: String'], '{ slug }', true],
    ['an argument that is asked for now', ['filter: Filter', 'filter: Filter!'], '{ slug }', false],
    [
      'an argument that is new and asked for',
      ['slug: String!)', 'slug: String!, a: Int!)'],
      '',
      true,
    ],
    ['an enum value that is gone', [' EAGER', ''], '{ mood }', true],
  ]
  test.each(rows)('is %s', async (_what, change, selection, isUsed) => {
    const users = [operation('Mine', `coach(slug: "a") ${selection || '{ slug }'}`)]
    const [found] = await breaks(change, users)
    expect(found?.allowed).toBeNull()
    expect(found?.operations.length).toBe(isUsed ? 1 : 0)
  })

  test('whoever has a variable of an input type is broken by a field that is gone from it', async () => {
    const document = 'query Find($filter: Filter) { coaches(filter: $filter) { slug } }'
    const [found] = await breaks(['city: String, ', ''], [{ ...operation('Find', ''), document }])
    expect(found?.operations.map(({ name }) => name)).toEqual(['Find'])
  })
})

describe('a change may be made all the same', () => {
  test('where nothing but what is registered is answered, and nothing of it uses it', async () => {
    const users = [operation('Slug', 'coach(slug: "a") { slug }')]
    expect(await breaks(withoutHeadline, users, 'app')).toMatchObject([
      { allowed: 'no registered operation uses it' },
    ])
    expect(await breaks(withoutHeadline, users, 'partner')).toMatchObject([{ allowed: null }])
  })

  const rows: [string, number | null, boolean][] = [
    ['nobody called it for 30 days', 0, true],
    ['somebody called it', 1, false],
    ['nobody counted', null, false],
  ]
  test.each(rows)('after its last day when %s: %p is %p', async (_what, calls, mayGo) => {
    const users = [operation('Card', 'coach(slug: "a") { motto }', calls)]
    const [found] = await breaks(withoutMotto, users)
    expect(found?.allowed !== null).toBe(mayGo)
  })

  test('and not a day earlier', async () => {
    const after = published.replace(...withoutMotto)
    const asked = { contract: 'partner', before: published, after, operations: [] } as const
    const early = await breaksOf({ ...asked, today: new Date('2026-04-30') })
    expect(early).toMatchObject([{ allowed: null }])
    const later = await breaksOf({ ...asked, today })
    expect(later[0]?.allowed).toContain('deprecated until 2026-05-01')
  })
})

test('an operation that needs no more than a narrower contract is broken in the wider ones too', async () => {
  const users = [
    { ...operation('Card', 'coach(slug: "a") { headline }'), contract: 'public' } as const,
  ]
  const asked = { before: published, after: published.replace(...withoutHeadline), today }
  const [found] = await breaksOf({ ...asked, contract: 'partner', operations: users })
  expect(found?.operations.map(({ name }) => name)).toEqual(['Card'])
  const wide = users.map((one) => ({ ...one, contract: 'admin' }) as const)
  const [other] = await breaksOf({ ...asked, contract: 'partner', operations: wide })
  expect(other?.operations).toEqual([])
})

test('what is only added, or said, breaks nothing', async () => {
  expect(await breaks(['motto:', '"New." hobby(of: Int): String, motto:'])).toEqual([])
})

test('a date that is none is no end', () => {
  expect(endOf('Removed after 2026-13-45.')).toBeNull()
  expect(endOf('Use headline.')).toBeNull()
  expect(endOf(null)).toBeNull()
})
