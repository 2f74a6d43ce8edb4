import { hazard } from '../harness/hazard.ts'
import * as animals from './animals.ts'
import * as homes from './homes.ts'

hazard({
  subgraphs: { animals, homes },
  guards: {
    file: 'gateway/engine/prepare/selection.ts',
    line: "if (name === '__typename') return 'typename'",
  },
  cases: [
    {
      name: 'at the root alone it needs no subgraph',
      operation: '{ __typename also: __typename }',
      data: { __typename: 'Query', also: 'Query' },
      asks: {},
    },
    {
      name: 'at the root of a mutation, between two fields',
      operation: 'mutation { a: adopt { __typename } __typename b: adopt { name } }',
      data: { a: { __typename: 'Dog' }, __typename: 'Mutation', b: { name: 'Rex' } },
    },
    {
      name: 'on members of a union, under any name',
      operation: '{ pets { kind: __typename __typename ... on Cat { cat: __typename name } } }',
      data: {
        pets: [
          { kind: 'Dog', __typename: 'Dog' },
          { kind: 'Cat', __typename: 'Cat', cat: 'Cat', name: 'Mia' },
        ],
      },
    },
    {
      name: 'in nested lists of an interface, alone and in a fragment on the interface',
      operation:
        '{ creatures { ...Named } } fragment Named on Creature { type: __typename ... { __typename } }',
      data: {
        creatures: [
          [
            { type: 'Dog', __typename: 'Dog' },
            { type: 'Cat', __typename: 'Cat' },
          ],
          null,
        ],
      },
    },
    {
      name: 'alone where an entity of another subgraph stands',
      operation: '{ home { dog { __typename } } dog { home { __typename } } }',
      data: { home: { dog: { __typename: 'Dog' } }, dog: { home: { __typename: 'Home' } } },
    },
    {
      name: 'alone behind two joins',
      operation:
        '{ pets { ... on Dog { home { dog { home { dog { t: __typename } } } } } } nobody { __typename } }',
      data: { pets: [{ home: { dog: { home: { dog: { t: 'Dog' } } } } }, {}], nobody: null },
    },
  ],
})
