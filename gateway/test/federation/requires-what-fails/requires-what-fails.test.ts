import { because } from '../harness/because.ts'
import { hazard } from '../harness/hazard.ts'
import * as post from './post.ts'
import * as scales from './scales.ts'

const message = 'Broken scale.'
const code = 'CONFLICT'

hazard({
  subgraphs: { scales, post },
  guards: {
    file: 'gateway/engine/project/index.ts',
    line: 'told.push(errorAt(error, [...path, ...inClientNames(field.shape, below)]))',
    instead: 'told.push(errorAt(error, path))',
  },
  cases: [
    {
      name: 'a required field that is null is handed on as null',
      operation: '{ parcel(id: "none") { postage } }',
      data: { parcel: { postage: 'unknown' } },
    },
    {
      name: 'a required field that fails is null for who requires it, and an error for who asked',
      operation: '{ parcels { weight postage } }',
      data: {
        parcels: [
          { weight: 3, postage: 'for 3' },
          { weight: null, postage: 'unknown' },
          { weight: null, postage: 'unknown' },
        ],
      },
      errors: [{ path: ['parcels', 1, 'weight'], message, code }],
      differs: {
        stitched: {
          data: {
            parcels: [
              { weight: 3, postage: 'for 3' },
              { weight: null, postage: 'for [object Object]' },
              { weight: null, postage: 'unknown' },
            ],
          },
          errors: [{ path: ['parcels', 1, 'weight'], message, code }],
        },
        because: because.failedField,
      },
    },
    {
      name: 'the error is told at the name that the client gave to the field',
      operation: '{ p: parcel(id: "bad") { kg: weight postage } }',
      data: { p: { kg: null, postage: 'unknown' } },
      errors: [{ path: ['p', 'kg'], message, code }],
      differs: {
        stitched: {
          data: { p: { kg: null, postage: 'for [object Object]' } },
          errors: [{ path: ['p', 'kg'], message, code }],
        },
        because: because.failedField,
      },
    },
    {
      name: 'an entity that its own subgraph voids is asked for nowhere else',
      operation: '{ parcel(id: "bad") { mass massPostage } }',
      data: { parcel: null },
      errors: [{ path: ['parcel', 'mass'], message, code }],
      asks: { scales: 1 },
    },
    {
      name: 'the others of a list are served when one is void',
      operation: '{ parcels { mass massPostage } }',
      data: {
        parcels: [{ mass: 3, massPostage: 'for 3' }, null, { mass: 0, massPostage: 'for 0' }],
      },
      errors: [{ path: ['parcels', 1, 'mass'], message, code }],
    },
  ],
})
