import { hazard } from '../harness/hazard.ts'
import * as books from './books.ts'
import * as sales from './sales.ts'

hazard({
  subgraphs: { books, sales },
  guards: {
    file: 'gateway/engine/plan/joins.ts',
    line: 'provides: provides === null ? null : selectionSetFrom(provides),',
    instead: 'provides: null,',
  },
  cases: [
    {
      name: 'what a field provides needs no second subgraph',
      operation: '{ bestseller { title sold } }',
      data: { bestseller: { title: 'Dracula', sold: 200 } },
      asks: { sales: 1 },
    },
    {
      name: 'what it does not provide comes from its owner',
      operation: '{ bestseller { year title } }',
      data: { bestseller: { year: 1897, title: 'Dracula' } },
      asks: { sales: 1, books: 1 },
    },
    {
      name: 'nested fields are provided as well, in a list',
      operation: '{ chart { count book { author { name } title } } }',
      data: {
        chart: [
          { count: 10, book: { author: { name: 'Austen' }, title: 'Emma' } },
          { count: 9, book: { author: { name: 'Stoker' }, title: 'Dracula' } },
        ],
      },
      asks: { sales: 1 },
    },
    {
      name: 'below a provided object the rest comes from its owner',
      operation: '{ chart { book { author { born name } } } }',
      data: {
        chart: [
          { book: { author: { born: 1775, name: 'Austen' } } },
          { book: { author: { born: 1847, name: 'Stoker' } } },
        ],
      },
      asks: { sales: 1, books: 1 },
    },
    {
      name: 'the same type at a place that provides nothing goes to the owner',
      operation: '{ plain { title author { name } } bestseller { title } }',
      data: {
        plain: { title: 'Emma', author: { name: 'Austen' } },
        bestseller: { title: 'Dracula' },
      },
      asks: { sales: 1, books: 1 },
    },
    {
      name: 'a provided field has other names',
      operation: '{ bestseller { id: title title: id } chart { book { t: title } } }',
      data: {
        bestseller: { id: 'Dracula', title: '2' },
        chart: [{ book: { t: 'Emma' } }, { book: { t: 'Dracula' } }],
      },
      asks: { sales: 1 },
    },
  ],
})
