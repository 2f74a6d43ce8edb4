import { hazard } from '../harness/hazard.ts'
import * as orders from './orders.ts'
import * as stock from './stock.ts'

hazard({
  subgraphs: { orders, stock },
  guards: {
    file: 'gateway/engine/execute/ask-entities.ts',
    line: 'places.push(place)',
    instead: 'places.push(objects.length - 1)',
  },
  cases: [
    {
      name: 'an entity that repeats is filled in at each of its places',
      operation: '{ lines { item { left } count } }',
      data: {
        lines: [
          { item: { left: 20 }, count: 0 },
          { item: { left: 10 }, count: 1 },
          { item: { left: 20 }, count: 2 },
          { item: { left: 20 }, count: 3 },
          { item: { left: null }, count: 4 },
          { item: { left: 10 }, count: 5 },
        ],
      },
      asks: { orders: 1, stock: 1 },
    },
    {
      name: 'beside a null in the same list',
      operation: '{ items { left } }',
      data: {
        items: [
          { left: 20 },
          { left: 10 },
          { left: 20 },
          { left: 20 },
          { left: null },
          { left: 10 },
          null,
        ],
      },
    },
    {
      name: 'objects below an entity that repeats are there each time',
      operation: '{ page { lines { item { shelves { name item { sku } } } } } }',
      data: {
        page: {
          lines: [
            { item: { shelves: [{ name: 'shelf 2', item: { sku: '2' } }] } },
            { item: { shelves: [{ name: 'shelf 1', item: { sku: '1' } }] } },
            { item: { shelves: [{ name: 'shelf 2', item: { sku: '2' } }] } },
          ],
        },
      },
    },
    {
      name: 'an entity that repeats at another depth of the same answer',
      operation: '{ page { top { left } lines { item { left sku } } } }',
      data: {
        page: {
          top: { left: 20 },
          lines: [
            { item: { left: 20, sku: '2' } },
            { item: { left: 10, sku: '1' } },
            { item: { left: 20, sku: '2' } },
          ],
        },
      },
    },
    {
      name: 'entities below entities that repeat',
      operation: '{ page { top { shelves { item { left shelves { name } } } } } }',
      data: {
        page: { top: { shelves: [{ item: { left: 20, shelves: [{ name: 'shelf 2' }] } }] } },
      },
    },
  ],
})
