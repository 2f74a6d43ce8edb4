import { because } from '../harness/because.ts'
import { hazard } from '../harness/hazard.ts'
import * as catalog from './catalog.ts'
import * as fees from './fees.ts'
import * as people from './people.ts'

// Stitching throws on a requirement that goes into a union.
const differs = {
  stitched: { data: null, errors: [{ path: ['sold'] }] },
  because: because.requires,
}

hazard({
  subgraphs: { catalog, people, fees },
  guards: null,
  cases: [
    {
      name: 'a field of an interface requires something else on each implementation',
      operation: '{ products { fee } }',
      data: { products: [{ fee: '400 by Austen' }, { fee: '97 by Austen+Heckerling' }] },
      asks: { catalog: 1, people: 1, fees: 1 },
    },
    {
      name: 'in the fragment of one implementation',
      operation: '{ products { id ... on Film { fee } } }',
      data: { products: [{ id: '1' }, { id: '2', fee: '97 by Austen+Heckerling' }] },
    },
    {
      name: 'beside what it requires, under its names',
      operation: `{ products {
        fee ... on Book { pages: id author { id: name } } ... on Film { minutes }
      } }`,
      data: {
        products: [
          { fee: '400 by Austen', pages: '1', author: { id: 'Austen' } },
          { fee: '97 by Austen+Heckerling', minutes: 97 },
        ],
      },
    },
    {
      name: 'a requirement goes through members of a union into another entity of each',
      operation: '{ sold { total } }',
      data: { sold: [{ total: 'Austen and Austen+Heckerling' }] },
      differs,
    },
    {
      name: 'through members, and from the members themselves',
      operation: '{ sold { things { ... on Book { fee } ... on Film { minutes } } total } }',
      data: {
        sold: [
          {
            things: [{ fee: '400 by Austen' }, { minutes: 97 }],
            total: 'Austen and Austen+Heckerling',
          },
        ],
      },
      differs,
    },
  ],
})
