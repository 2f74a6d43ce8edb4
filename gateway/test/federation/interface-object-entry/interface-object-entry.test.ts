import { because } from '../harness/because.ts'
import { hazard } from '../harness/hazard.ts'
import * as library from './library.ts'
import * as reviews from './reviews.ts'

// Source: Federation, "Entity interfaces": a subgraph with an @interfaceObject does not know the
// implementations, so the router asks one that does.
hazard({
  subgraphs: { library, reviews },
  guards: {
    file: 'gateway/engine/plan/joins.ts',
    line: 'isInterfaceObject: own.some(({ isInterfaceObject }) => isInterfaceObject === true),',
    instead: 'isInterfaceObject: false,',
  },
  cases: [
    {
      name: 'what the interface object has itself needs no second subgraph',
      operation: '{ rated { id rating } }',
      data: {
        rated: [
          { id: '2', rating: 4 },
          { id: '1', rating: 5 },
        ],
      },
      asks: { reviews: 1 },
    },
    {
      name: 'a field of the interface comes from the subgraph that has the interface',
      operation: '{ rated { title rating } }',
      data: {
        rated: [
          { title: 'Clueless', rating: 4 },
          { title: 'Emma', rating: 5 },
        ],
      },
      asks: { reviews: 1, library: 1 },
    },
    {
      name: 'the name of the type is that of the implementation, never that of the interface',
      operation: '{ rated { __typename } best { kind: __typename id } }',
      data: {
        rated: [{ __typename: 'Film' }, { __typename: 'Book' }],
        best: { kind: 'Book', id: '1' },
      },
    },
    {
      name: 'a fragment on an implementation takes the objects of that type alone',
      operation: '{ rated { rating ... on Book { pages } ... on Film { minutes } } }',
      data: {
        rated: [
          { rating: 4, minutes: 97 },
          { rating: 5, pages: 400 },
        ],
      },
    },
    {
      name: 'a fragment on one implementation leaves what the interface object has to it alone',
      operation: '{ rated { ... on Book { rating } } }',
      data: { rated: [{}, { rating: 5 }] },
    },
    {
      name: 'nested lists of interface objects get their types and fields, and nulls stay',
      operation: '{ table { t: __typename title } }',
      data: {
        table: [
          [{ t: 'Book', title: 'Emma' }, null],
          null,
          [
            { t: 'Film', title: 'Clueless' },
            { t: 'Book', title: 'Emma' },
          ],
        ],
      },
    },
    {
      name: 'an interface object below another one',
      operation: '{ best { review { of { review { of { title rating __typename } } } } } }',
      data: {
        best: {
          review: { of: { review: { of: { title: 'Emma', rating: 5, __typename: 'Book' } } } },
        },
      },
    },
    {
      name: 'an object that the subgraph of the interface does not have is null, with an error',
      operation: '{ lost { rating title } best { rating } }',
      data: { lost: null, best: { rating: 5 } },
      errors: [{ path: ['lost', 'title'] }],
      differs: {
        stitched: { data: { lost: null, best: { rating: 5 } } },
        because: because.nonNull,
      },
    },
  ],
})
