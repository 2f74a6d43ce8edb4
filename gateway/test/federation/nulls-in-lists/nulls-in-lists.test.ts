import { hazard } from '../harness/hazard.ts'
import * as names from './names.ts'
import * as places from './places.ts'

const one = { name: 'spot 1' }
const two = { name: 'spot 2' }

hazard({
  subgraphs: { places, names },
  guards: {
    file: 'gateway/engine/tree.ts',
    line: "typeof value === 'object' && value !== null && !Array.isArray(value)",
    instead: "typeof value === 'object' && !Array.isArray(value)",
  },
  cases: [
    {
      name: 'entities of a list of lists, between nulls',
      operation: '{ grid { name } }',
      data: { grid: [[one, null, two], null, [], [null]] },
      asks: { places: 1, names: 1 },
    },
    {
      name: 'entities of three lists inside each other',
      operation: '{ cube { name } }',
      data: {
        cube: [
          [[one, null, two], null, [], [null]],
          [null, [two]],
        ],
      },
      asks: { places: 1, names: 1 },
    },
    {
      name: 'a list that is null, and lists without an entity, ask nobody',
      operation: '{ none { name } }',
      data: { none: null },
      asks: { places: 1 },
    },
    {
      name: 'the first and the last item are null',
      operation: '{ row { name id } empty { name } }',
      data: { row: [null, { name: 'spot 3', id: '3' }, null], empty: [[], [one]] },
    },
    {
      name: 'lists below entities, of entities again',
      operation: '{ empty { near { near { name } name } } }',
      data: { empty: [[], [{ near: [null, [null, { near: [], name: 'spot 2' }]] }]] },
    },
    {
      name: 'a list of lists of words has nulls as well',
      operation: '{ row { tags } }',
      data: { row: [null, { tags: [['3', null], null, []] }, null] },
    },
  ],
})
