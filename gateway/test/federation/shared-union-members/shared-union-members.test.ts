import { hazard } from '../harness/hazard.ts'
import * as one from './one.ts'
import * as two from './two.ts'

hazard({
  subgraphs: { one, two },
  guards: {
    file: 'gateway/engine/plan/select.ts',
    line: 'const members = joins.get(source.as)?.members.get(source.graph) ?? []',
    instead: 'const members = [...(joins.get(source.as)?.members.values() ?? [])].flat()',
  },
  cases: [
    {
      name: 'a member that both subgraphs know has the fields of both',
      operation: '{ viewer { likes { ... on Book { title pages } } } }',
      data: { viewer: { likes: { title: 'Emma', pages: 400 } } },
    },
    {
      name: 'beside a field that only one of them has',
      operation: '{ viewer { since likes { __typename ... on Book { id } } } }',
      data: { viewer: { since: 2020, likes: { __typename: 'Book', id: 'b1' } } },
    },
    {
      name: 'a member that only the asked subgraph knows is found there',
      operation: '{ shelf { top { __typename ... on Film { title } } } }',
      data: { shelf: { top: { __typename: 'Film', title: 'Clueless' } } },
      asks: { one: 1 },
    },
    {
      name: 'and a null of the other one does not take its place',
      operation: '{ shelf { count top { ... on Film { id } ... on Book { pages } } } }',
      data: { shelf: { count: 1, top: { id: 'f1' } } },
    },
    {
      name: 'a fragment on a member that the subgraph does not know is not sent there',
      operation: '{ best { ... on Film { title } ... on Book { t: title } } }',
      data: { best: { t: 'Emma' } },
      asks: { two: 1 },
    },
  ],
})
