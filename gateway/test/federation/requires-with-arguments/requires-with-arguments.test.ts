import { hazard } from '../harness/hazard.ts'
import * as catalog from './catalog.ts'
import * as delivery from './delivery.ts'

hazard({
  subgraphs: { catalog, delivery },
  guards: {
    file: 'gateway/engine/plan/jump.ts',
    line: 'isCompatible(one.needs, needs),',
    instead: 'true,',
  },
  cases: [
    {
      name: 'a required field is fetched with the argument that the requirement gives',
      operation: '{ products { isCheap } }',
      data: { products: [{ isCheap: true }, { isCheap: false }] },
    },
    {
      name: 'a field that requires has arguments of its own',
      operation: 'query ($p: Int!) { products { fee(percent: $p) } }',
      variables: { p: 50 },
      data: { products: [{ fee: 5 }, { fee: 10 }] },
    },
    {
      name: 'a field that requires has two names with two arguments',
      operation: '{ products { all: fee(percent: 100) none: fee(percent: 0) } }',
      data: {
        products: [
          { all: 10, none: 0 },
          { all: 20, none: 0 },
        ],
      },
    },
    {
      name: 'the client asks the required field for another argument',
      operation: '{ products { price(currency: "USD") isCheap } }',
      data: {
        products: [
          { price: 12, isCheap: true },
          { price: 24, isCheap: false },
        ],
      },
    },
    {
      name: 'the client asks the required field for both arguments, one of them in a variable',
      operation: `query ($c: String!) {
        products { eur: price(currency: "EUR") price(currency: $c) fee(percent: 100) }
      }`,
      variables: { c: 'USD' },
      data: {
        products: [
          { eur: 10, price: 12, fee: 10 },
          { eur: 20, price: 24, fee: 20 },
        ],
      },
    },
    {
      name: 'two fields require the same field with different arguments',
      operation: '{ products { inDollars fee(percent: 100) isCheap } }',
      data: {
        products: [
          { inDollars: '12 USD', fee: 10, isCheap: true },
          { inDollars: '24 USD', fee: 20, isCheap: false },
        ],
      },
    },
    {
      name: 'an entity of the subgraph that requires goes there and back',
      operation: '{ parcel { fee(percent: 10) price(currency: "USD") } }',
      data: { parcel: { fee: 2, price: 24 } },
    },
  ],
})
