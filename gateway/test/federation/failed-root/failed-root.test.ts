import { hazard } from '../harness/hazard.ts'
import * as broken from './broken.ts'
import * as sound from './sound.ts'

const message = 'Broken.'
const code = 'CONFLICT'

// A subgraph's own nulls and errors arrive as they are; nothing is said twice.
hazard({
  subgraphs: { broken, sound },
  guards: {
    file: 'gateway/engine/execute/index.ts',
    line: 'for (const error of errors) failures.add(object, reportOf(error, step.keys))',
  },
  cases: [
    {
      name: 'a root that fails is null beside others, at each of its names',
      operation: '{ a: maybe fine b: maybe }',
      data: { a: null, fine: 1, b: null },
      errors: [
        { path: ['a'], message, code },
        { path: ['b'], message, code },
      ],
    },
    {
      name: 'a mandatory root that fails voids everything, with one error',
      operation: '{ fine x: surely }',
      data: null,
      errors: [{ path: ['x'], message, code }],
    },
    {
      name: 'an item of a list fails at its index',
      operation: '{ l: list fine }',
      data: { l: [1, null, null, 3], fine: 1 },
      errors: [{ path: ['l', 1], message, code }],
    },
    {
      name: 'an item that may not be null voids its list',
      operation: '{ strictList fine }',
      data: { strictList: null, fine: 1 },
      errors: [{ path: ['strictList', 1], message, code }],
    },
    {
      name: 'an object that its subgraph voids is null, with the reason of the subgraph',
      operation: '{ item { id parts { size } weight } }',
      data: { item: { id: '1', parts: null, weight: 100 } },
      errors: [
        {
          path: ['item', 'parts', 1, 'size'],
          message: 'Cannot return null for non-nullable field Part.size.',
        },
      ],
    },
    {
      name: 'a list that its subgraph voids asks nobody for the rest of its items',
      operation: '{ items { name weight } fine }',
      data: { items: null, fine: 1 },
      errors: [
        {
          path: ['items', 1, 'name'],
          message: 'Cannot return null for non-nullable field Item.name.',
        },
      ],
      asks: { broken: 1, sound: 1 },
    },
  ],
})
