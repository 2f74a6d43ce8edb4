import { hazard } from '../harness/hazard.ts'
import * as odd from './odd.ts'
import * as whole from './whole.ts'

const because =
  'GraphQL, September 2025, 7.1.6: If an error can be associated to a particular field in the ' +
  'requested GraphQL result, it must contain an entry with the key path. Stitching guesses.'

hazard({
  subgraphs: { whole, odd },
  guards: {
    file: 'gateway/engine/project/index.ts',
    line: 'if (!projecting.placed.has(error)) projecting.told.push(errorAt(error, []))',
    instead: 'void error',
  },
  cases: [
    {
      name: 'a code that everybody knows reaches the client with its message',
      operation: '{ whole coded }',
      data: { whole: 'whole', coded: null },
      errors: [{ path: ['coded'], message: 'Taken.', code: 'CONFLICT' }],
    },
    {
      name: 'an error without a place is told without one',
      operation: '{ whole placeless }',
      data: { whole: 'whole', placeless: null },
      errors: [{ path: null, message: 'Somewhere.' }],
      differs: {
        stitched: {
          data: { whole: 'whole', placeless: null },
          errors: [{ path: ['placeless'], message: 'Somewhere.' }],
        },
        because,
      },
    },
    {
      name: 'an error at a place that is not in the answer is told once, and harms nothing',
      operation: '{ astray whole }',
      data: { astray: null, whole: 'whole' },
      errors: [{ path: null, message: 'Elsewhere.' }],
      differs: {
        stitched: {
          data: { astray: null, whole: 'whole' },
          errors: [{ path: ['astray', 3, 'at all'], message: 'Elsewhere.' }],
        },
        because,
      },
    },
    {
      name: 'an error below what is null is told',
      operation: '{ deeper { inner } whole }',
      data: { deeper: null, whole: 'whole' },
      errors: [{ path: ['deeper', 'inner', 0], message: 'Deep.' }],
    },
    {
      name: 'what is no error is passed over, what is one without a place is not',
      operation: '{ odd whole }',
      data: { odd: null, whole: 'whole' },
      errors: [{ path: null, message: 'Odd.' }],
      differs: {
        stitched: {
          data: { odd: null, whole: 'whole' },
          errors: [{ path: ['odd'], message: 'Odd.' }],
        },
        because,
      },
    },
    {
      name: 'an error without a message is an error',
      operation: '{ nameless whole }',
      data: { nameless: null, whole: 'whole' },
      errors: [{ path: ['nameless'] }],
    },
    {
      name: 'two errors of one field are both told, however often the first is repeated',
      operation: '{ twice whole }',
      data: { twice: null, whole: 'whole' },
      errors: [
        { path: ['twice'], message: 'One.' },
        { path: ['twice'], message: 'Two.' },
        { path: ['twice'], message: 'One.', isOptional: true },
      ],
    },
    {
      name: 'an error at an entity that nobody asked for costs the others nothing',
      operation: '{ thing { size weight } }',
      data: { thing: { size: 3, weight: null } },
      errors: [{ path: null, message: 'Heavy.' }],
      differs: {
        stitched: {
          data: { thing: { size: 3, weight: null } },
          errors: [{ path: ['thing', 'weight'], message: 'Heavy.' }],
        },
        because,
      },
    },
  ],
})
