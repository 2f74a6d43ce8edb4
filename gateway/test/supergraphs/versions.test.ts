import { describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { QueryPlanner } from '@graphql-hive/router-query-planner'
import { parse, print } from 'graphql'
import { rulesOf } from '../../engine/authorize/rules.ts'
import { subgraphUrlsOf, supergraphFrom } from '../../engine/supergraph/index.ts'
import { fakeSupergraph } from '../fake-subgraphs.ts'

const fileAt = (name: string) => Bun.file(join(import.meta.dir, name)).text()

/** The plan as text, or why there is none. */
function planOf(sdl: string, operation: string): string {
  try {
    return JSON.stringify(new QueryPlanner(sdl).plan(operation, undefined, new Set(), 0))
  } catch (error) {
    return String(error)
  }
}

const loaded = (sdl: string) => print(supergraphFrom(sdl).document)

describe('what the planner makes of older supergraphs', () => {
  const union = '{ un { ... on X { a } ... on Y { b } } e }'

  test('a union and an enum of join v0.2 are found once it is loaded', async () => {
    const sdl = await fileAt('join-v0.2.graphql')
    expect(planOf(sdl, union)).toContain('No paths found')
    expect(planOf(loaded(sdl), union)).toContain('"serviceName":"a"')
  })

  test('a member that a subgraph does not know is no member there', async () => {
    const document = loaded(await fileAt('join-v0.2.graphql'))
    expect(document).toContain('@join__unionMember(graph: B, member: "X")')
    expect(document).not.toContain('@join__unionMember(graph: B, member: "Y")')
  })

  test('a supergraph of Federation 1 is found once it is loaded', async () => {
    const sdl = await fileAt('federation-1/supergraph.graphql')
    expect(planOf(sdl, '{ me { username } }')).toContain('No paths found')
    expect(planOf(loaded(sdl), '{ me { username } }')).toContain('"serviceName":"accounts"')
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
    const { consumerSchema } = new QueryPlanner(loaded(sdl))
    expect(consumerSchema).toMatch(/type Book [^}]*weight: Int/)
    expect(consumerSchema).not.toMatch(/type Book [^}]*price: String/)
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
