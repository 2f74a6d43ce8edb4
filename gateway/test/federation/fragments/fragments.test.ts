import { hazard } from '../harness/hazard.ts'
import * as books from './books.ts'
import * as stock from './stock.ts'

hazard({
  subgraphs: { books, stock },
  guards: {
    file: 'gateway/engine/project/shape.ts',
    line: 'const sub = open.flatMap((one) => one.sub ?? [])',
    instead: 'const sub = open[0]?.sub ?? []',
  },
  cases: [
    {
      name: 'fragments inside fragments, over both subgraphs',
      operation: `{ shelf { ...Item } }
      fragment Item on Item { ...Novel ...Atlas }
      fragment Novel on Novel { title ...Stock author { ...Author } }
      fragment Author on Author { name shift }
      fragment Stock on Novel { copies place { ...Place } }
      fragment Place on Place { room row }
      fragment Atlas on Atlas { maps copies }`,
      data: {
        shelf: [
          {
            title: 'Emma',
            copies: 3,
            place: { room: 1, row: 7 },
            author: { name: 'Jane', shift: 'late' },
          },
          { maps: 90, copies: 1 },
        ],
      },
    },
    {
      name: 'a fragment on an interface inside a union, and the other way round',
      operation: `{
        shelf { ... on Book { title ... on Item { ... on Atlas { maps } } } }
        first { ... on Item { ... on Novel { id copies } ... on Atlas { maps } } }
      }`,
      data: {
        shelf: [{ title: 'Emma' }, { title: 'World', maps: 90 }],
        first: { id: 'n1', copies: 3 },
      },
    },
    {
      name: 'selections of one field from several fragments merge',
      operation: `{
        shelf { ...A ...B ... on Novel { place { keeper { shift } } author { shift } } }
      }
      fragment A on Novel { author { id } place { row } }
      fragment B on Novel { place { room keeper { name } row } author { name id } copies }`,
      data: {
        shelf: [
          {
            author: { id: 'a1', name: 'Jane', shift: 'late' },
            place: { row: 7, room: 1, keeper: { name: 'Jane', shift: 'late' } },
            copies: 3,
          },
          {},
        ],
      },
    },
    {
      name: 'one fragment at two places, under different conditions',
      operation: `query ($yes: Boolean!, $no: Boolean!) {
        a: first { ...Copies @include(if: $yes) id }
        b: first { ...Copies @include(if: $no) id }
        c: first { ...Copies @skip(if: $no) ...Copies @skip(if: $yes) }
      }
      fragment Copies on Novel { copies author { shift @skip(if: $yes) name } }`,
      variables: { yes: true, no: false },
      data: {
        a: { copies: 3, author: { name: 'Jane' }, id: 'n1' },
        b: { id: 'n1' },
        c: { copies: 3, author: { name: 'Jane' } },
      },
    },
    {
      name: 'a fragment whose type can never be there is refused',
      operation: '{ first { ... on Author { name } } }',
      refusal: 'can never be of type "Author"',
    },
    {
      name: 'a fragment for one member leaves the others empty',
      operation: '{ shelf { ... on Atlas { copies } } rooms }',
      data: { shelf: [{}, { copies: 1 }], rooms: 2 },
    },
    {
      name: 'a fragment on the root spread twice asks once',
      operation:
        '{ ...Root ... on Query { ...Root } rooms } fragment Root on Query { rooms first { title } }',
      data: { rooms: 2, first: { title: 'Emma' } },
      asks: { books: 1, stock: 1 },
    },
  ],
})
