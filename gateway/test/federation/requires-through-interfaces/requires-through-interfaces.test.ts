import { because } from '../harness/because.ts'
import { hazard } from '../harness/hazard.ts'
import { supergraphOf } from '../harness/world.ts'
import * as fees from './fees.ts'
import * as shop from './shop.ts'

const subgraphs = { shop, fees }

// Our composition refuses fragments on interfaces here; others write them.
const supergraph = supergraphOf(subgraphs)
  .replace('"items{id}"', '"items { ... on Titled { title } ... on Priced { price } }"')
  .replace('"gift{id}"', '"gift { id ... on Item { ... on Titled { title } } }"')

// Stitching leaves out what stands in a fragment on an interface, or waits without end.
const wrongly = (data: unknown) => ({ stitched: { data }, because: because.requires })
const unnamed = 'undefined undefined, undefined undefined'

hazard({
  subgraphs,
  supergraph,
  guards: {
    file: 'gateway/engine/plan/needs.ts',
    line: 'types: [...new Set([...(joins.get(ask.type)?.members.values() ?? [])].flat())],',
    instead: 'types: [ask.type],',
  },
  cases: [
    {
      name: 'a requirement has fragments on interfaces',
      operation: '{ carts { named } }',
      data: { carts: [{ named: 'Emma undefined, undefined 50' }, { named: '' }] },
      differs: wrongly({ carts: [{ named: unnamed }, { named: '' }] }),
    },
    {
      name: 'a fragment on an interface inside a fragment on another one',
      operation: '{ carts { wrapped } }',
      data: { carts: [{ wrapped: 't undefined' }, { wrapped: 'c Persuasion' }] },
      differs: wrongly({ carts: [{ wrapped: 't undefined' }, { wrapped: 'c undefined' }] }),
    },
    {
      name: 'the types of the required objects are told',
      operation: '{ carts { types } }',
      data: { carts: [{ types: 'Book Seat Seat' }, { types: 'Book' }] },
    },
    {
      name: 'all of them at once',
      operation: '{ carts { types wrapped named } }',
      data: {
        carts: [
          {
            types: 'Book Seat Seat',
            wrapped: 't undefined',
            named: 'Emma undefined, undefined 50',
          },
          { types: 'Book', wrapped: 'c Persuasion', named: '' },
        ],
      },
      differs: { stitched: 'no answer', because: because.requires },
    },
    {
      name: 'beside other fields of the same objects, under names of the required ones',
      operation: '{ carts { named items { title: id ... on Seat { price: row } } } }',
      data: {
        carts: [
          {
            named: 'Emma undefined, undefined 50',
            items: [{ title: 'b' }, { title: 's', price: 7 }],
          },
          { named: '', items: [] },
        ],
      },
      differs: wrongly({
        carts: [
          { named: unnamed, items: [{ title: 'b' }, { title: 's', price: 7 }] },
          { named: '', items: [] },
        ],
      }),
    },
  ],
})
