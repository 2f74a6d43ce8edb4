import { hazard } from '../harness/hazard.ts'
import * as details from './details.ts'
import * as list from './list.ts'

const message = 'Lost.'
const code = 'NOT_FOUND'

hazard({
  subgraphs: { list, details },
  guards: {
    file: 'gateway/engine/project/index.ts',
    line: 'if (projecting.told.length === before && !isExcused)',
    instead: 'if (!isExcused)',
  },
  cases: [
    {
      name: 'the error of an entity is told at the field that it leaves null',
      operation: '{ things { id colour } }',
      data: {
        things: [
          { id: '1', colour: 'red' },
          { id: '2', colour: null },
          { id: '3', colour: 'red' },
        ],
      },
      errors: [{ path: ['things', 1, 'colour'], message, code }],
    },
    {
      name: 'it is told at each field that it leaves null, under its alias',
      operation: '{ thing(id: "2") { c: colour owner { name } } }',
      data: { thing: { c: null, owner: null } },
      errors: [
        { path: ['thing', 'c'], message, code },
        { path: ['thing', 'owner'], message, code },
      ],
    },
    {
      name: 'a mandatory field says why the item is null, and not that it may not be',
      operation: '{ things { size } }',
      data: { things: [{ size: 1 }, null, { size: 3 }] },
      errors: [{ path: ['things', 1, 'size'], message, code }],
    },
    {
      name: 'and why the list is null',
      operation: '{ strict { id size } thing(id: "1") { size } }',
      data: { strict: null, thing: { size: 1 } },
      errors: [{ path: ['strict', 1, 'size'], message, code }],
    },
    {
      name: 'an entity that stands at many places fails at each of them',
      operation: '{ things { next { colour } } thing(id: "2") { colour } }',
      data: {
        things: [
          { next: { colour: null } },
          { next: { colour: null } },
          { next: { colour: null } },
        ],
        thing: { colour: null },
      },
      errors: [
        { path: ['things', 0, 'next', 'colour'], message, code },
        { path: ['things', 1, 'next', 'colour'], message, code },
        { path: ['things', 2, 'next', 'colour'], message, code },
        { path: ['thing', 'colour'], message, code },
      ],
    },
  ],
})
