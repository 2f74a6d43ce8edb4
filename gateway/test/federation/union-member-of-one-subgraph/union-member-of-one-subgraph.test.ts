import { hazard } from '../harness/hazard.ts'
import * as library from './library.ts'
import * as shop from './shop.ts'

hazard({
  subgraphs: { library, shop },
  guards: {
    file: 'gateway/engine/plan/joins.ts',
    line: '? rows.filter((row) => graphOf(row) === graph).map(({ member }) => String(member))',
    instead: '? rows.map(({ member }) => String(member))',
  },
  cases: [
    {
      name: 'a fragment on a member that the asked subgraph does not know is left out',
      operation:
        '{ shopOnly { ... on Book { title } ... on Film { title } ... on Song { title } } }',
      data: { shopOnly: [{ title: 'Clueless' }, null, { title: 'Emma' }] },
      asks: { shop: 1 },
    },
    {
      name: 'an object whose type no fragment names is empty',
      operation: '{ shopOnly { ... on Song { title } } }',
      data: { shopOnly: [{}, null, {}] },
    },
    {
      name: 'a member goes on in another subgraph, its neighbours do not',
      operation: '{ shopOnly { __typename ... on Book { pages } } }',
      data: {
        shopOnly: [{ __typename: 'Film' }, null, { __typename: 'Book', pages: 400 }],
      },
      asks: { library: 1, shop: 1 },
    },
    {
      name: 'a type name under an alias stands where it was asked for',
      operation: '{ libraryOnly { kind: __typename ... on Book { pages t: __typename } } }',
      data: { libraryOnly: [{ kind: 'Song' }, { kind: 'Book', pages: 400, t: 'Book' }] },
      asks: { library: 1 },
    },
    {
      name: 'a field shared by two subgraphs has members of the one that is asked',
      operation: '{ favourite { ... on Film { id title } ... on Song { title } } }',
      data: { favourite: { id: 'f1', title: 'Clueless' } },
    },
  ],
})
