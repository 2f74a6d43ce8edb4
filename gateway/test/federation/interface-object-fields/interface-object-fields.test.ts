import { hazard } from '../harness/hazard.ts'
import * as reviews from './reviews.ts'
import * as shop from './shop.ts'

// Source: Federation, "Entity interfaces": an @interfaceObject adds its fields to every type that
// implements the interface.
hazard({
  subgraphs: { shop, reviews },
  guards: {
    file: 'gateway/engine/plan/reach.ts',
    line: 'return joins.get(type)?.graphs.has(graph) ? [type, ...interfaces] : interfaces',
    instead: 'return joins.get(type)?.graphs.has(graph) ? [type] : []',
  },
  cases: [
    {
      name: 'every implementation has the fields that an interface object adds',
      operation: '{ products { id name rating } }',
      data: {
        products: [
          { id: '1', name: 'Emma', rating: 5 },
          { id: '2', name: 'Clueless', rating: 4 },
        ],
      },
      asks: { shop: 1, reviews: 1 },
    },
    {
      name: 'an added field stands in a fragment on one implementation',
      operation: '{ products { ... on Book { pages rating } ... on Film { minutes } } }',
      data: { products: [{ pages: 400, rating: 5 }, { minutes: 97 }] },
      asks: { shop: 1, reviews: 1 },
    },
    {
      name: 'an added field has two names and two arguments',
      operation: '{ products { rating ten: rating(scale: 2) } }',
      data: {
        products: [
          { rating: 5, ten: 10 },
          { rating: 4, ten: 8 },
        ],
      },
    },
    {
      name: 'an added list below one object',
      operation: '{ top { reviews { stars } name } }',
      data: { top: { reviews: [{ stars: 5 }, { stars: 4 }], name: 'Emma' } },
    },
    {
      name: 'a fragment on another implementation asks nobody for its added field',
      operation: '{ top { ... on Film { reviews { stars } } } }',
      data: { top: {} },
      asks: { shop: 1 },
    },
    {
      name: 'nested lists of an entity interface get the added field at each place',
      operation: '{ groups { rating __typename } }',
      data: {
        groups: [
          [{ rating: 4, __typename: 'Film' }, null],
          [],
          [
            { rating: 5, __typename: 'Book' },
            { rating: 4, __typename: 'Film' },
          ],
        ],
      },
      asks: { shop: 1, reviews: 1 },
    },
  ],
})
