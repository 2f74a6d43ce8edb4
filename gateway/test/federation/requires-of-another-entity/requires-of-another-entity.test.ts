import { because } from '../harness/because.ts'
import { hazard } from '../harness/hazard.ts'
import * as invoices from './invoices.ts'
import * as masters from './masters.ts'
import * as orders from './orders.ts'

// Stitching waits without end for a requirement that goes through the entities of a list, or throws
// where nobody catches it.
const differs = { stitched: 'no answer', because: because.requires } as const

hazard({
  subgraphs: { orders, masters, invoices },
  guards: {
    file: 'gateway/engine/plan/place.ts',
    line: 'for (const place of below) for (const inner of ask.sub ?? []) visit(place, inner)',
  },
  cases: [
    {
      name: 'a requirement goes through another entity into a third subgraph',
      operation: '{ orders { terms } }',
      data: { orders: [{ terms: 'as gold' }, { terms: 'as undefined' }] },
      asks: { orders: 1, masters: 1, invoices: 1 },
    },
    {
      name: 'a requirement goes through the entities of a list',
      operation: '{ orders { total } }',
      data: { orders: [{ total: 17 }, { total: 0 }] },
      differs,
      asks: { orders: 1, masters: 1, invoices: 1 },
    },
    {
      name: 'both requirements, and nothing of them is shown',
      operation: '{ orders { total terms id } }',
      data: {
        orders: [
          { total: 17, terms: 'as gold', id: '1' },
          { total: 0, terms: 'as undefined', id: '2' },
        ],
      },
      differs,
    },
    {
      name: 'of the objects on the way the client sees what it asked for',
      operation: '{ orders { buyer { level: tier } lines { product { cost: sku } } total } }',
      data: {
        orders: [
          {
            buyer: { level: 'gold' },
            lines: [{ product: { cost: 'a' } }, { product: { cost: 'b' } }],
            total: 17,
          },
          { buyer: null, lines: [], total: 0 },
        ],
      },
      differs,
    },
    {
      name: 'only the objects on the way, without who requires them',
      operation: '{ orders { lines { count product { cost } } } }',
      data: {
        orders: [
          {
            lines: [
              { count: 2, product: { cost: 5 } },
              { count: 1, product: { cost: 7 } },
            ],
          },
          { lines: [] },
        ],
      },
      asks: { orders: 1, masters: 1 },
    },
  ],
})
