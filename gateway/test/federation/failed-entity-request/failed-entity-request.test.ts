import { hazard } from '../harness/hazard.ts'
import * as details from './details.ts'
import * as list from './list.ts'
import * as prices from './prices.ts'

const message = 'Closed.'
const code = 'CONFLICT'

hazard({
  subgraphs: { list, details, prices },
  guards: {
    file: 'gateway/engine/project/index.ts',
    line: 'for (const error of failures.whole(owner)) {',
    instead: 'for (const error of failures.whole({})) {',
  },
  cases: [
    {
      name: 'a request that fails as a whole is an error at each field that misses its answer',
      operation: '{ things { id colour } }',
      data: {
        things: [
          { id: '1', colour: null },
          { id: '2', colour: null },
        ],
      },
      errors: [
        { path: ['things', 0, 'colour'], message, code },
        { path: ['things', 1, 'colour'], message, code },
      ],
    },
    {
      name: 'what other subgraphs answer is there',
      operation: '{ things { price c: colour } detail }',
      data: {
        things: [
          { price: 10, c: null },
          { price: 20, c: null },
        ],
        detail: 7,
      },
      errors: [
        { path: ['things', 0, 'c'], message, code },
        { path: ['things', 1, 'c'], message, code },
      ],
    },
    {
      name: 'objects that miss a mandatory field are null for that reason',
      operation: '{ things { price size } }',
      data: { things: [null, null] },
      errors: [
        { path: ['things', 0, 'size'], message, code },
        { path: ['things', 1, 'size'], message, code },
      ],
    },
    {
      name: 'one object under two names of a field',
      operation: '{ thing { colour also: colour price } }',
      data: { thing: { colour: null, also: null, price: 10 } },
      errors: [
        { path: ['thing', 'colour'], message, code },
        { path: ['thing', 'also'], message, code },
      ],
    },
    {
      name: 'two places of one entity',
      operation: '{ thing { id colour } things { id price } again: thing { price colour } }',
      data: {
        thing: { id: '1', colour: null },
        things: [
          { id: '1', price: 10 },
          { id: '2', price: 20 },
        ],
        again: { price: 10, colour: null },
      },
      errors: [
        { path: ['thing', 'colour'], message, code },
        { path: ['again', 'colour'], message, code },
      ],
    },
  ],
})
