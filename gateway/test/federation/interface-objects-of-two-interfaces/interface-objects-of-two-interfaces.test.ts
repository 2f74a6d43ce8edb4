import { because } from '../harness/because.ts'
import { hazard } from '../harness/hazard.ts'
import * as libraries from './libraries.ts'
import * as prices from './prices.ts'
import * as shop from './shop.ts'

// Stitching takes a type for an object of one of its interfaces, and not of the other.
const wrongly = (data: unknown) => ({ stitched: { data }, because: because.interfaceObject })

hazard({
  subgraphs: { shop, prices, libraries },
  guards: {
    file: 'gateway/engine/merge.ts',
    line: 'if (value !== null || old === undefined) known[key] = value',
    instead: 'known[key] = null',
  },
  cases: [
    {
      name: 'one type gets the fields that two subgraphs add to two of its interfaces',
      operation: '{ products { price ... on Ebook { loans pages } } }',
      data: { products: [{ price: 10, loans: 2, pages: 4 }, { price: 20 }] },
      differs: wrongly({ products: [{ price: null, loans: null, pages: 4 }, { price: null }] }),
    },
    {
      name: 'a fragment on the other interface takes the types that have both',
      operation: '{ products { id ... on Readable { loans } } }',
      data: { products: [{ id: '1', loans: 2 }, { id: '2' }] },
      differs: wrongly({ products: [{ id: '1', loans: null }, { id: '2' }] }),
    },
    {
      name: 'from the object of one interface to the fields of the other',
      operation: '{ cheap { price ... on Readable { loans } __typename } }',
      data: { cheap: { price: 10, loans: 2, __typename: 'Ebook' } },
      differs: wrongly({ cheap: { price: 10, loans: null, __typename: 'Ebook' } }),
    },
    {
      name: 'and back, through a list with a null',
      operation: '{ borrowed { loans ... on Product { price id } } }',
      data: { borrowed: [null, { loans: 2, price: 10, id: '1' }] },
      differs: wrongly({ borrowed: [null, { loans: 2, price: null, id: '1' }] }),
    },
    {
      name: 'in the fragment of a type that has only one of them',
      operation:
        '{ cheap { ... on Chair { legs } id } readables { ... on Ebook { price } loans } }',
      data: { cheap: { id: '1' }, readables: [{ price: 10, loans: 2 }] },
      differs: wrongly({ cheap: { id: '1' }, readables: [{ price: null, loans: null }] }),
    },
  ],
})
