import { hazard } from '../harness/hazard.ts'
import * as accounts from './accounts.ts'
import * as products from './products.ts'
import * as reviews from './reviews.ts'

hazard({
  subgraphs: { accounts, products, reviews },
  guards: {
    file: 'gateway/engine/plan/select.ts',
    line: 'return join.isExternal || join.requires || !isChosen(join, labels) ? null : join',
    instead: 'return join.requires || !isChosen(join, labels) ? null : join',
  },
  cases: [
    {
      name: 'a type that others extend is joined by its external key',
      operation: '{ me { name reviews { body } } }',
      data: { me: { name: 'Ada', reviews: [{ body: 'Good.' }, { body: 'Fine.' }] } },
    },
    {
      name: 'required external fields are fetched first',
      operation: '{ top { name postage } }',
      data: {
        top: [
          { name: 'Table', postage: 0 },
          { name: 'Chair', postage: 10 },
        ],
      },
    },
    {
      name: 'a provided field needs no second request',
      operation: '{ me { reviews { author { name } } } }',
      data: { me: { reviews: [{ author: { name: 'Ada' } }, { author: { name: 'Ada' } }] } },
      asks: { accounts: 1, reviews: 1 },
    },
    {
      name: 'through all three, and back to the first',
      operation:
        '{ top(first: 1) { reviews { author { id name reviews { product { name price } } } } } }',
      data: {
        top: [
          {
            reviews: [
              {
                author: {
                  id: 'u1',
                  name: 'Ada',
                  reviews: [
                    { product: { name: 'Table', price: 900 } },
                    { product: { name: 'Chair', price: 60 } },
                  ],
                },
              },
            ],
          },
        ],
      },
    },
    {
      name: 'all the roots together, with aliases on the keys',
      operation: '{ me { key: id } top(first: 2) { upc: name id: upc reviews { id } } }',
      data: {
        me: { key: 'u1' },
        top: [
          { upc: 'Table', id: 'p1', reviews: [{ id: 'r1' }] },
          { upc: 'Chair', id: 'p2', reviews: [{ id: 'r2' }, { id: 'r3' }] },
        ],
      },
    },
  ],
})
