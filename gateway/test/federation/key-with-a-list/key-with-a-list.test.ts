import { because } from '../harness/because.ts'
import { hazard } from '../harness/hazard.ts'
import * as prices from './prices.ts'
import * as shop from './shop.ts'

hazard({
  subgraphs: { shop, prices },
  guards: null,
  cases: [
    {
      name: 'the objects of a list are a key, and so are those of an empty one',
      operation: '{ bundles { price } }',
      data: {
        bundles: [{ price: 'price of ax+by' }, { price: 'price of ax' }, { price: 'price of ' }],
      },
      asks: { shop: 1, prices: 1 },
    },
    {
      name: 'of the list in the key only what was asked for is shown',
      operation: '{ bundles { items { kind { tag } } price main { sku } } }',
      data: {
        bundles: [
          {
            items: [{ kind: { tag: 'x' } }, { kind: { tag: 'y' } }],
            price: 'price of ax+by',
            main: { sku: 'a' },
          },
          { items: [{ kind: { tag: 'x' } }], price: 'price of ax', main: null },
          { items: [], price: 'price of ', main: null },
        ],
      },
    },
    {
      name: 'entities inside the key go on by themselves',
      operation: '{ bundles { items { cost } main { cost } } }',
      data: {
        bundles: [
          { items: [{ cost: 1 }, { cost: 2 }], main: { cost: 1 } },
          { items: [{ cost: 1 }], main: null },
          { items: [], main: null },
        ],
      },
    },
    {
      name: 'the list is shown under another name, another field under its own',
      operation: '{ bundles { all: items { kind: sku } items: price } }',
      data: {
        bundles: [
          { all: [{ kind: 'a' }, { kind: 'b' }], items: 'price of ax+by' },
          { all: [{ kind: 'a' }], items: 'price of ax' },
          { all: [], items: 'price of ' },
        ],
      },
    },
    {
      name: 'everything at once',
      operation: '{ bundles { price items { cost sku } main { cost kind { tag } } } }',
      data: {
        bundles: [
          {
            price: 'price of ax+by',
            items: [
              { cost: 1, sku: 'a' },
              { cost: 2, sku: 'b' },
            ],
            main: { cost: 1, kind: { tag: 'z' } },
          },
          { price: 'price of ax', items: [{ cost: 1, sku: 'a' }], main: null },
          { price: 'price of ', items: [], main: null },
        ],
      },
      differs: {
        stitched: {
          data: {
            bundles: [
              {
                price: 'price of ax+by',
                items: [
                  { cost: null, sku: 'a' },
                  { cost: null, sku: 'b' },
                ],
                main: { cost: null, kind: { tag: 'z' } },
              },
              { price: 'price of ax', items: [{ cost: null, sku: 'a' }], main: null },
              { price: 'price of ', items: [], main: null },
            ],
          },
        },
        because: because.key,
      },
    },
  ],
})
