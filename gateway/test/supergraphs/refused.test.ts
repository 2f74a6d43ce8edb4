import { expect, test } from 'bun:test'
import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { supergraphFrom } from '../../engine/supergraph/index.ts'

const folder = join(import.meta.dir, 'refused')
const textOf = (name: string) => Bun.file(join(folder, `${name}.graphql`)).text()

/** Each file breaks the one rule that it is named for. */
const reasons: Readonly<Record<string, string>> = {
  connector: 'Subgraph trips: @connect is not executed here.',
  'context-argument': 'Subgraph users: User.greeting takes an argument @fromContext',
  'context-linked': 'It uses @context and @fromContext',
  'feature-for-execution-that-nobody-knows': 'streams/v0.1, which this gateway does not execute',
  'feature-for-security-that-nobody-knows': 'quota/v1.0, which this gateway does not enforce',
  'federation-1-entity-that-its-subgraph-lacks': 'subgraph trips returns User, which it lacks',
  'federation-1-interface-that-may-be-anything':
    'whether subgraph users, which returns the interface Problem, has Late',
  'federation-1-root-field-of-no-subgraph': 'Query.me does not say which subgraph has it',
  'federation-1-value-type-of-two-minds': 'Place.distance is in one subgraph',
  'field-of-no-subgraph-in-the-list': 'Query.me is in PLACES, which join__Graph does not have',
  'join-newer-than-v0.5': 'knows join up to v0.5',
  'root-type-of-no-subgraph': 'in which subgraphs Query is',
  'security-feature-in-a-newer-version': 'knows authenticated up to v0.1',
  'subgraph-schema': 'has no join__Graph',
  'type-that-is-nowhere': 'Query.me names the type User, which is nowhere',
}

const files = (await readdir(folder)).map((file) => basename(file, '.graphql')).sort()

test('there is a reason for each file', () => {
  expect(files).toEqual(Object.keys(reasons).sort())
})

test.each(files)('[MP-45] %s is refused, with its reason alone', async (name) => {
  const sdl = await textOf(name)
  expect(() => supergraphFrom(sdl)).toThrow(reasons[name])
  expect(() => supergraphFrom(sdl)).toThrow(/^The supergraph cannot be served:\n {2}[^\n]+$/)
})

const repairs: readonly (readonly [file: string, fault: string, repaired: string])[] = [
  ['join-newer-than-v0.5', 'join/v0.6', 'join/v0.5'],
  ['feature-for-execution-that-nobody-knows', 'v0.1", for: EXECUTION', 'v0.1"'],
  ['security-feature-in-a-newer-version', 'authenticated/v0.2', 'authenticated/v0.1'],
  ['federation-1-root-field-of-no-subgraph', 'me: String', 'me: String @join__field(graph: USERS)'],
  [
    'federation-1-entity-that-its-subgraph-lacks',
    'trip: User @join__field(graph: TRIPS)',
    'me: User @join__field(graph: USERS)',
  ],
  [
    'federation-1-interface-that-may-be-anything',
    'user: Problem @join__field(graph: USERS)',
    'user: String @join__field(graph: USERS)',
  ],
  ['federation-1-value-type-of-two-minds', 'distance: Int @join__field(graph: TRIPS)', ''],
  ['field-of-no-subgraph-in-the-list', 'PLACES', 'TRIPS'],
  ['type-that-is-nowhere', '[User!]', '[Int!]'],
  ['root-type-of-no-subgraph', 'type Query', 'type Query @join__type(graph: USERS)'],
]

test.each(repairs)(
  'negative control: %s is served without its fault',
  async (name, fault, repaired) => {
    const sdl = (await textOf(name)).replace(fault, repaired)
    expect(() => supergraphFrom(sdl)).not.toThrow()
  },
)
