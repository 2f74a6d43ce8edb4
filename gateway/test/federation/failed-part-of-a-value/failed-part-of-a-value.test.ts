import { because } from '../harness/because.ts'
import { hazard } from '../harness/hazard.ts'
import * as left from './left.ts'
import * as right from './right.ts'

const error = { message: 'Not now.', code: 'CONFLICT' }

hazard({
  subgraphs: { left, right },
  guards: {
    file: 'gateway/engine/project/index.ts',
    line: "if (typeof key === 'string' && !keys.has(key)) continue",
    instead: 'if (keys) continue',
  },
  cases: [
    {
      name: 'what the other subgraph tells is there, and the error is where something is missing',
      operation: '{ size { width unit { name symbol } } }',
      data: { size: { width: 1, unit: { name: 'metre', symbol: null } } },
      errors: [{ path: ['size', 'unit', 'symbol'], ...error }],
      differs: {
        stitched: { data: { size: { width: 1, unit: { name: 'metre', symbol: null } } } },
        because: because.failedField,
      },
    },
    {
      name: 'of every item of a list, where the error itself names no place',
      operation: '{ sizes { width unit { symbol } } }',
      data: {
        sizes: [
          { width: 2, unit: { symbol: null } },
          { width: 3, unit: { symbol: null } },
        ],
      },
      errors: [
        { path: ['sizes', 0, 'unit', 'symbol'], ...error },
        { path: ['sizes', 1, 'unit', 'symbol'], ...error },
      ],
      differs: {
        stitched: {
          data: {
            sizes: [
              { width: 2, unit: null },
              { width: 3, unit: null },
            ],
          },
        },
        because: because.failedField,
      },
    },
    {
      name: 'a field that may not be null takes the value for that very reason',
      operation: '{ size { w: width h: height } }',
      data: { size: null },
      errors: [{ path: ['size', 'h'], ...error }],
    },
    {
      name: 'in a mandatory list it takes the answer',
      operation: '{ sizes { width height } }',
      data: null,
      errors: [
        { path: ['sizes', 0, 'height'], ...error },
        { path: ['sizes', 1, 'height'], ...error },
      ],
      differs: {
        stitched: { data: null, errors: [{ path: ['sizes', 0, 'height'] }] },
        because: because.failedField,
      },
    },
  ],
})
