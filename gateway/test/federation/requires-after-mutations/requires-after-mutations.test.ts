import { because } from '../harness/because.ts'
import { hazard } from '../harness/hazard.ts'
import * as carts from './carts.ts'
import { items } from './data.ts'
import * as delivery from './delivery.ts'

// One entity, before and after: what is fetched for it belongs to the moment at which it stands.
hazard({
  subgraphs: { carts, delivery },
  guards: null,
  reset: () => {
    items.length = 0
  },
  cases: [
    {
      name: 'what a mutation answers requires values of that moment',
      operation: 'mutation { put(item: "a") { count fee } }',
      data: { put: { count: 1, fee: 'for 1' } },
      asks: { carts: 1, delivery: 1 },
    },
    {
      name: 'two mutations of one entity have two answers',
      operation: 'mutation { a: put(item: "a") { fee } b: put(item: "b") { fee count } }',
      data: { a: { fee: 'for 1' }, b: { fee: 'for 2', count: 2 } },
      differs: {
        stitched: { data: { a: { fee: 'for 1' }, b: { fee: 'for 1', count: 2 } } },
        because: because.serially,
      },
    },
    {
      name: 'the second mutation begins when the first is complete, in every subgraph',
      operation: 'mutation { a: put(item: "a") { seen } b: put(item: "b") { seen } }',
      data: { a: { seen: 1 }, b: { seen: 2 } },
      differs: {
        stitched: { data: { a: { seen: 1 }, b: { seen: 1 } } },
        because: because.serially,
      },
    },
    {
      name: 'a mutation of the other subgraph in between',
      operation: `mutation {
        a: put(item: "a") { seen items } empty b: put(item: "b") { seen items fee }
      }`,
      data: {
        a: { seen: 1, items: ['a'] },
        empty: 1,
        b: { seen: 1, items: ['b'], fee: 'for 1' },
      },
    },
    {
      name: 'one mutation and the same again are two',
      operation: 'mutation { a: put(item: "a") { count } b: put(item: "a") { count } }',
      data: { a: { count: 1 }, b: { count: 2 } },
    },
    {
      name: 'states of one entity in one list keep what each requires',
      operation: 'mutation { putAll(items: ["a", "b", "a"]) { count fee } }',
      data: {
        putAll: [
          { count: 1, fee: 'for 1' },
          { count: 2, fee: 'for 2' },
          { count: 3, fee: 'for 3' },
        ],
      },
      differs: {
        stitched: {
          data: {
            putAll: [
              { count: 1, fee: 'for 1' },
              { count: 2, fee: 'for 1' },
              { count: 3, fee: 'for 1' },
            ],
          },
        },
        because: because.requires,
      },
    },
  ],
})
