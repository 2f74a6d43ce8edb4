import { describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { parse, print, printSchema } from 'graphql'
import { rulesOf } from '../../engine/authorize/rules.ts'
import { createCompiledEngine } from '../../engine/compiled.ts'
import { variantOf } from '../../engine/engine.ts'
import { publicSchemaOf } from '../../engine/prepare/public-schema.ts'
import { type Supergraph, subgraphUrlsOf, supergraphFrom } from '../../engine/supergraph/index.ts'
import type { Transport } from '../../engine/transport/transport.ts'
import { fakeSupergraph } from '../fake-subgraphs.ts'
import { exchange } from '../swap/shop.ts'

const fileAt = (name: string) => Bun.file(join(import.meta.dir, name)).text()

const loaded = (sdl: string) => print(supergraphFrom(sdl).document)

type Answers = Readonly<Record<string, unknown>>

/** What each subgraph is asked for an operation, one line a request, and what comes of it. */
async function asked(supergraph: Supergraph, operation: string, answers: Answers) {
  const requests: string[] = []
  const transports = new Map<string, Transport>(
    [...supergraph.subgraphNames.values()].map((name) => [
      name,
      async ({ body }) => {
        requests.push(`${name}: ${JSON.parse(body).query}`)
        return JSON.stringify({ data: answers[name] ?? {} })
      },
    ]),
  )
  const engine = createCompiledEngine({ supergraph, rules: rulesOf(supergraph), transports })
  const prepared = await engine.prepare(operation, null, variantOf(null))
  const result = await prepared.execute({ variables: {}, exchange: exchange() })
  return { requests, ...result }
}

/** As it reads, without what loading makes of it. */
const asWritten = (sdl: string): Supergraph => ({
  ...supergraphFrom(sdl),
  document: parse(sdl, { noLocation: true }),
})

describe('what the planner makes of older supergraphs', () => {
  test('a union and an enum of join v0.2 are asked of the subgraphs that know them', async () => {
    const supergraph = supergraphFrom(await fileAt('join-v0.2.graphql'))
    const answers = { a: { un: { __typename: 'Y', b: 2 }, e: 'TWO' } }
    const union = '{ un { ... on X { a } ... on Y { b } } e }'
    const { requests, data, errors } = await asked(supergraph, union, answers)
    expect(requests).toEqual([expect.stringMatching(/^a: .*\bun\b.*\be\b/)])
    expect({ data, errors }).toEqual({ data: { un: { b: 2 }, e: 'TWO' }, errors: undefined })
  })

  test('a member that a subgraph does not know is no member there', async () => {
    const document = loaded(await fileAt('join-v0.2.graphql'))
    expect(document).toContain('@join__unionMember(graph: B, member: "X")')
    expect(document).not.toContain('@join__unionMember(graph: B, member: "Y")')
  })

  const me = '{ me { username reviews { body } } }'
  const answers = {
    accounts: { me: { id: 'u1', __typename: 'User', username: 'ada' } },
    reviews: { _entities: [{ __typename: 'User', reviews: [{ body: 'Good.' }] }] },
  }

  test('a supergraph of Federation 1 is found once it is loaded', async () => {
    const supergraph = supergraphFrom(await fileAt('federation-1/supergraph.graphql'))
    const { requests, data } = await asked(supergraph, me, answers)
    expect(requests).toEqual([
      expect.stringMatching(/^accounts: .*\bme\b.*\busername\b/),
      expect.stringMatching(/^reviews: .*_entities.*\breviews\b/),
    ])
    expect(data).toEqual({ me: { username: 'ada', reviews: [{ body: 'Good.' }] } })
  })

  test('negative control: as it is written, nobody answers for it', async () => {
    const written = asWritten(await fileAt('federation-1/supergraph.graphql'))
    await expect(asked(written, me, answers)).rejects.toThrow('No subgraph answers')
  })

  test('a supergraph of join v0.5 stays as it is', () => {
    expect(loaded(fakeSupergraph)).toBe(print(parse(fakeSupergraph)))
  })

  test('what Federation 1 hides or tags stays hidden and tagged', async () => {
    const sdl = (await fileAt('federation-1/supergraph.graphql'))
      .replace(
        '@core(feature: "https://specs.apollo.dev/join/v0.1")',
        `@core(feature: "https://specs.apollo.dev/join/v0.1")
         @core(feature: "https://specs.apollo.dev/inaccessible/v0.1", as: "hidden")`,
      )
      .replace('price: String', 'price: String @hidden')
    const api = printSchema(publicSchemaOf(supergraphFrom(sdl).document))
    expect(api).toMatch(/type Book [^}]*weight: Int/)
    expect(api).not.toMatch(/type Book [^}]*price: String/)
  })
})

describe('directives that a link renames', () => {
  test('the whole join specification may go by another name', () => {
    const renamed = fakeSupergraph
      .replace('join/v0.5", for', 'join/v0.5", as: "j", for')
      .replaceAll('join__', 'j__')
    expect(renamed).not.toContain('join__')
    expect(loaded(renamed).replace(', as: "j"', '')).toBe(print(parse(fakeSupergraph)))
  })

  test.each([
    ['as', 'authenticated/v0.1", as: "signedIn", for', '@signedIn'],
    [
      'an import',
      'authenticated/v0.1", import: [{ name: "@authenticated", as: "@signedIn" }], for',
      '@signedIn',
    ],
    ['its namespace', 'authenticated/v0.1", for', '@authenticated__authenticated'],
  ])('a rule renamed by %s is the same rule', (_what, link, name) => {
    const renamed = fakeSupergraph
      .replaceAll('@authenticated', name)
      .replace('authenticated/v0.1", for', link)
    expect(rulesOf(supergraphFrom(renamed))).toEqual(rulesOf(supergraphFrom(fakeSupergraph)))
  })

  test('negative control: without the link the name means nothing', () => {
    const renamed = fakeSupergraph.replaceAll('@authenticated', '@signedIn')
    expect(rulesOf(supergraphFrom(renamed)).has('Query.secret')).toBe(false)
  })
})

test('a supergraph says where its subgraphs answer', () => {
  const sdl = fakeSupergraph.replace(/(name: "trips", url: )"[^"]*"/, '$1""')
  expect(subgraphUrlsOf(supergraphFrom(sdl)).get('trips')).toBeNull()
  expect(subgraphUrlsOf(supergraphFrom(sdl)).get('people')).toStartWith('http')
})
