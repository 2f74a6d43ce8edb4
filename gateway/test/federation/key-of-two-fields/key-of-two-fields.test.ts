import { hazard } from '../harness/hazard.ts'
import * as lights from './lights.ts'
import * as plan from './plan.ts'

hazard({
  subgraphs: { plan, lights },
  guards: {
    file: 'gateway/engine/execute/ask-entities.ts',
    line: 'if (same && others.every((key) => same.object[key] === object[key])) return same.place',
    instead: 'if (same) return same.place',
  },
  cases: [
    {
      name: 'entities that share one field of their key are not the same',
      operation: '{ rooms { lamps name } }',
      data: {
        rooms: [
          { lamps: 11, name: 'Hall' },
          { lamps: 21, name: 'Attic' },
          { lamps: 12, name: 'Cellar' },
        ],
      },
      asks: { plan: 1, lights: 1 },
    },
    {
      name: 'half of the key is shown',
      operation: '{ rooms { house lamps } }',
      data: {
        rooms: [
          { house: 'A', lamps: 11 },
          { house: 'B', lamps: 21 },
          { house: 'A', lamps: 12 },
        ],
      },
    },
    {
      name: 'the two fields of the key swap their names',
      operation: '{ rooms { number: house house: number lamps } }',
      data: {
        rooms: [
          { number: 'A', house: 1, lamps: 11 },
          { number: 'B', house: 1, lamps: 21 },
          { number: 'A', house: 2, lamps: 12 },
        ],
      },
    },
    {
      name: 'the way back has the same key in another order',
      operation: '{ brightest { name lamps } }',
      data: { brightest: { name: 'Attic', lamps: 21 } },
    },
    {
      name: 'a number of a key stays a number',
      operation: '{ hall { lamps number } rooms { lamps } }',
      data: {
        hall: { lamps: 11, number: 1 },
        rooms: [{ lamps: 11 }, { lamps: 21 }, { lamps: 12 }],
      },
    },
  ],
})
