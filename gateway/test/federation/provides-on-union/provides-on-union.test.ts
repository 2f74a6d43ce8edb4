import { hazard } from '../harness/hazard.ts'
import * as loans from './loans.ts'
import * as owner from './owner.ts'

hazard({
  subgraphs: { owner, loans },
  guards: {
    file: 'gateway/engine/plan/select.ts',
    line: 'const provided = collect(planning.joins, [...source.provided, ...keys], place.type)',
    instead: 'const provided = keys',
  },
  cases: [
    {
      name: 'what is provided for one implementation needs no second subgraph',
      operation: '{ lent { ... on Book { title } } }',
      data: { lent: [{ title: 'Emma' }, {}] },
      asks: { loans: 1 },
    },
    {
      name: 'what is provided for one implementation is fetched for the other',
      operation: '{ lent { ... on Book { title } ... on Film { title } } }',
      data: { lent: [{ title: 'Emma' }, { title: 'Clueless' }] },
      asks: { loans: 1, owner: 1 },
    },
    {
      name: 'a field of the interface that is provided for one implementation only',
      operation: '{ lent { title id } }',
      data: {
        lent: [
          { title: 'Emma', id: 'b1' },
          { title: 'Clueless', id: 'f1' },
        ],
      },
    },
    {
      name: 'what is provided for one member of a union needs no second subgraph',
      operation: '{ found { __typename ... on Film { title } } }',
      data: { found: [{ __typename: 'Book' }, { __typename: 'Film', title: 'Clueless' }] },
      asks: { loans: 1 },
    },
    {
      name: 'two places provide different members',
      operation: `{
        lent { ... on Book { t: title } ... on Film { minutes } }
        found { ... on Film { title } ... on Book { pages title } }
      }`,
      data: {
        lent: [{ t: 'Emma' }, { minutes: 97 }],
        found: [{ pages: 400, title: 'Emma' }, { title: 'Clueless' }],
      },
    },
  ],
})
