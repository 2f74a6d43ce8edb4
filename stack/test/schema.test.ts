import { describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { type GraphQLSchema, graphql } from 'graphql'
import { subgraphs } from '#schema/subgraphs'
import { clientTypesOf } from '../schema/client-types.ts'
import { CompositionError, compose, schemaDrift } from '../schema.ts'

const link = (minor: number) =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.${minor}",
    import: ["@key", "@shareable", "@authenticated", "@tag", "@context"])`

const users = `${link(9)}
  type Query { user(id: ID!): User @tag(name: "public") }
  type User @key(fields: "id") { id: ID! name: String! }`
const bookings = `${link(9)}
  type Query { bookings: [Booking!]! @authenticated }
  type Booking { id: ID! user: User! }
  type User @key(fields: "id") { id: ID! booked: Int! }`

const faultOf = (sdl: string) => {
  try {
    compose([{ name: 'users', sdl }])
  } catch (error) {
    if (error instanceof CompositionError) return error.message
    throw error
  }
  return ''
}

test('two subgraphs become one graph, and clients see neither keys nor rules', () => {
  const { supergraph, api } = compose([
    { name: 'users', sdl: users },
    { name: 'bookings', sdl: bookings },
  ])
  expect(supergraph).toContain('join__Graph')
  expect(api).toMatch(/type User \{[^}]*name: String![^}]*\}/)
  expect(api).toContain('booked: Int!')
  expect(api).not.toMatch(/join__|@key|@authenticated/)
})

test.each(subgraphs)(
  '$name tells whoever asks it for its SDL what is committed',
  async ({ name }) => {
    const { schema }: { schema: GraphQLSchema } = await import(`../../subgraphs/${name}/schema.ts`)
    const { data } = await graphql({ schema, source: '{ _service { sdl } }' })
    const file = join(import.meta.dir, `../../schema/${name}.graphql`)
    expect(data).toEqual({ _service: { sdl: expect.any(String) } })
    expect(`${Object(data?._service).sdl.trim()}\n`).toBe(await Bun.file(file).text())
  },
)

describe('a graph that cannot be published', () => {
  const rows: [string, string, string][] = [
    ['does not compose', users.replace('name: String!', 'name: Missing!'), 'Missing'],
    [
      'has a root field that nobody decided about',
      users.replace('@tag(name: "public")', ''),
      'users: Query.user has neither an authorization rule nor the tag "public".',
    ],
    [
      'uses what no engine of ours executes',
      `${users} type A @context(name: "c") { id: ID! }`,
      '@context',
    ],
    [
      'deprecates without saying until when',
      users.replace('name: String!', 'name: String! @deprecated(reason: "Use another one.")'),
      'User.name is deprecated without a date',
    ],
    ['is newer than what we execute', users.replace('v2.9', 'v2.10'), 'federation'],
  ]
  test.each(rows)('[MP-45] %s', (_what, sdl, fault) => {
    expect(faultOf(sdl)).toStartWith('The graph cannot be published:\n  ')
    expect(faultOf(sdl)).toContain(fault)
  })

  test('negative control: the same subgraph without the fault is published', () => {
    expect(faultOf(users)).toBe('')
  })
})

test('the committed files say what the code says', async () => {
  expect(await schemaDrift()).toEqual([])
})

test('the client types name every type of the graph, and a broken graph has none', async () => {
  expect(await clientTypesOf('type Query { coach: Coach } type Coach { slug: ID! }')).toMatch(
    /'Coach': \{ kind: 'OBJECT'/,
  )
  await expect(clientTypesOf('type Query {')).rejects.toThrow('gql.tada could not type the graph')
})
