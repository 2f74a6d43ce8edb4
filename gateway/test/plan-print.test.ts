import { describe, expect, test } from 'bun:test'
import { OperationTypeNode } from 'graphql'
import { rulesOf } from '../engine/authorize/rules.ts'
import { createCompiledEngine } from '../engine/compiled.ts'
import { variantOf } from '../engine/engine.ts'
import { printPlan } from '../engine/plan/print.ts'
import { supergraphFrom } from '../engine/supergraph/index.ts'
import { exchangeFor } from './edge-harness.ts'
import { fakeSupergraph } from './fake-subgraphs.ts'

const query = OperationTypeNode.QUERY
const noKeys = new Map()

describe('a plan that is printed', () => {
  test('says of each request where it goes, what it waits for and what it asks', () => {
    const printed = printPlan(
      [
        {
          ...{ graph: 'PEOPLE', operation: query, variables: ['first'], after: [] },
          document: 'query($first:Int){_0:people(first:$first){__typename id}}',
          renames: new Map(),
          content: { kind: 'root', path: [], keys: noKeys },
        },
        {
          ...{ graph: 'TRIPS', operation: query, variables: [], after: [0] },
          document:
            'query($representations:[_Any!]!){_entities(representations:$representations){...on Person{miles}}}',
          renames: new Map(),
          content: {
            kind: 'entities',
            parts: [
              {
                ...{ alias: '_entities', variable: 'representations', type: 'Person' },
                targets: [
                  {
                    path: [
                      { kind: 'field', key: '_0' },
                      { kind: 'list' },
                      { kind: 'on', type: 'Person' },
                      { kind: 'field', key: 'friend' },
                    ],
                    needs: [],
                  },
                ],
                keys: noKeys,
              },
            ],
          },
        },
      ],
      (graph) => graph.toLowerCase(),
    )
    expect(printed).toEqual([
      {
        ...{ id: 0, subgraph: 'people', kind: query, paths: [''], entities: [] },
        ...{ waitsFor: [], variables: ['first'] },
        document:
          'query ($first: Int) {\n  _0: people(first: $first) {\n    __typename\n    id\n  }\n}',
      },
      {
        ...{ id: 1, subgraph: 'trips', kind: query, entities: ['Person'] },
        ...{ paths: ['people[](Person).friend'], waitsFor: [0], variables: [] },
        document:
          'query ($representations: [_Any!]!) {\n  _entities(representations: $representations) {\n    ... on Person {\n      miles\n    }\n  }\n}',
      },
    ])
  })

  test('of nothing is nothing', () => {
    expect(printPlan([], String)).toEqual([])
  })
})

describe('an operation that is explained', () => {
  const supergraph = supergraphFrom(fakeSupergraph)
  const asked: string[] = []
  const transport = async ({ body }: { readonly body: string }) => {
    asked.push(body)
    return '{"data":{}}'
  }
  const engine = createCompiledEngine({
    ...{ supergraph, rules: rulesOf(supergraph) },
    transports: new Map([...supergraph.subgraphNames.values()].map((name) => [name, transport])),
  })
  const exchange = exchangeFor(new Request('http://localhost/graphql'))
  const explain = async (text: string, variables: Record<string, unknown> = {}) => {
    const prepared = await engine.prepare(text, null, variantOf(null))
    const explained = await prepared.explain?.({ variables, exchange })
    if (!explained || !('fetches' in explained)) throw new Error('There is no plan.')
    return explained
  }

  test('asks no subgraph, and names what waits for what', async () => {
    const { fetches, denied } = await explain('{ people { name miles } }')
    expect(asked).toEqual([])
    expect(denied).toEqual([])
    expect(fetches.map(({ subgraph, paths, waitsFor }) => [subgraph, paths, waitsFor])).toEqual([
      ['people', [''], []],
      ['trips', ['people[]'], [0]],
    ])
  })

  test('names the fields that its caller is denied, which are in no request', async () => {
    const { fetches, denied } = await explain('{ people { name email trips { city } } }')
    expect(denied.toSorted()).toEqual(['Person.email', 'Person.trips'])
    expect(fetches).toHaveLength(1)
    expect(fetches[0]?.document).not.toContain('email')
  })

  test('is planned for its variables: what they leave out is not asked', async () => {
    const text = 'query ($far: Boolean!) { people { name miles @include(if: $far) } }'
    expect((await explain(text, { far: true })).fetches).toHaveLength(2)
    expect((await explain(text, { far: false })).fetches).toHaveLength(1)
  })

  test('shows the values that were written into it', async () => {
    await engine.prepare('{ greet(name: "Ada") }', null, variantOf(null))
    const { fetches } = await explain('{ greet(name: "Bob") }')
    expect(fetches[0]?.document).toContain('greet(name: "Bob")')
  })

  test('refuses variables that do not fit, as running it would', async () => {
    const prepared = await engine.prepare(
      'query ($name: String!) { greet(name: $name) }',
      null,
      variantOf(null),
    )
    const explained = await prepared.explain?.({ variables: {}, exchange })
    expect(explained).toHaveProperty('errors')
  })
})
