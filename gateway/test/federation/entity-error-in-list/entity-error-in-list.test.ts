import { hazard } from '../harness/hazard.ts'
import * as catalog from './catalog.ts'
import * as stock from './stock.ts'

const code = 'NOT_FOUND'
const message = 'Not counted.'

hazard({
  subgraphs: { catalog, stock },
  guards: {
    file: 'gateway/engine/execute/index.ts',
    line: "(_, index) => typeof place !== 'number' || places[index] === place,",
    instead: '() => true,',
  },
  cases: [
    {
      name: 'one entity of a list fails alone, at its own index',
      operation: '{ books { title inStock } }',
      data: {
        books: [
          { title: 'Emma', inStock: 4 },
          { title: 'Persuasion', inStock: null },
          { title: 'Sanditon', inStock: 7 },
        ],
      },
      errors: [{ path: ['books', 1, 'inStock'], message, code }],
      asks: { catalog: 1, stock: 1 },
    },
    {
      name: 'an error is told under the alias of the field and of the list',
      operation: '{ all: books { n: inStock } }',
      data: { all: [{ n: 4 }, { n: null }, { n: 7 }] },
      errors: [{ path: ['all', 1, 'n'], message, code }],
    },
    {
      name: 'an error below an entity keeps what its own path says beyond the entity',
      operation: '{ books { shelf { row } } }',
      data: { books: [{ shelf: { row: 1 } }, { shelf: { row: null } }, { shelf: { row: 3 } }] },
      errors: [{ path: ['books', 1, 'shelf', 'row'], message, code }],
    },
    {
      name: 'an entity that stands in nested lists twice fails at both places',
      operation: '{ pairs { inStock } }',
      data: { pairs: [[{ inStock: 4 }, { inStock: null }], null, [null, { inStock: null }]] },
      errors: [
        { path: ['pairs', 0, 1, 'inStock'], message, code },
        { path: ['pairs', 2, 1, 'inStock'], message, code },
      ],
    },
    {
      name: 'one entity under two root fields fails at both, with their own aliases',
      operation: '{ best { x: inStock } books { y: inStock } }',
      data: { best: { x: null }, books: [{ y: 4 }, { y: null }, { y: 7 }] },
      errors: [
        { path: ['best', 'x'], message, code },
        { path: ['books', 1, 'y'], message, code },
      ],
    },
  ],
})
