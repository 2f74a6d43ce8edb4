import { hazard } from '../harness/hazard.ts'
import * as names from './names.ts'
import * as zoo from './zoo.ts'

hazard({
  subgraphs: { zoo, names },
  guards: {
    file: 'gateway/engine/prepare/selection.ts',
    line: "if (name === '__typename') return 'typename'",
  },
  cases: [
    {
      name: 'the name of a type stands under one name and another',
      operation: '{ beings { a: __typename __typename b: __typename } }',
      data: {
        beings: [
          { a: 'Person', __typename: 'Person', b: 'Person' },
          null,
          { a: 'Pet', __typename: 'Pet', b: 'Pet' },
        ],
      },
    },
    {
      name: 'only under another name, an entity is still found elsewhere',
      operation: '{ any { kind: __typename ... on Person { name } ... on Pet { called: name } } }',
      data: {
        any: [
          { kind: 'Pet', called: 'pet 2' },
          { kind: 'Person', name: 'person 1' },
        ],
      },
      asks: { zoo: 1, names: 1 },
    },
    {
      name: 'a field stands under the name of the name of the type of another',
      operation: '{ person { type: id id: __typename name pet { name type: __typename } } }',
      data: {
        person: {
          type: '1',
          id: 'Person',
          name: 'person 1',
          pet: { name: 'pet 2', type: 'Pet' },
        },
      },
    },
    {
      name: 'names of types at the root and inside, in fragments on nothing',
      operation: '{ q: __typename ... { r: __typename } person { ... { p: __typename name } } }',
      data: { q: 'Query', r: 'Query', person: { p: 'Person', name: 'person 1' } },
    },
    {
      name: 'the name of a type in the fragment of one member only',
      operation:
        '{ any { ... on Person { t: __typename } } beings { ... on Pet { t: __typename } } }',
      data: { any: [{}, { t: 'Person' }], beings: [{}, null, { t: 'Pet' }] },
      asks: { zoo: 1 },
    },
    {
      name: 'nothing but the name of the type of the root needs no subgraph',
      operation: 'query { __typename also: __typename }',
      data: { __typename: 'Query', also: 'Query' },
      asks: {},
    },
  ],
})
