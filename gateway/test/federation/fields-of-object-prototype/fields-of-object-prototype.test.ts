import { hazard } from '../harness/hazard.ts'
import * as boxes from './boxes.ts'
import * as labels from './labels.ts'

const differs = {
  stitched: 'no answer',
  because:
    'GraphQL, September 2025, 2.1.9: Names in GraphQL are case-sensitive; the reserved ones are ' +
    'those that begin with two underscores. Stitching cannot be set up over such fields.',
} as const

hazard({
  subgraphs: { boxes, labels },
  guards: {
    file: 'gateway/engine/project/generated.ts',
    line: 'const isInherited = field.key in Object.prototype',
    instead: 'const isInherited = false',
  },
  cases: [
    {
      name: 'a field that is called so is the subgraph’s, and null where it is left out',
      operation: '{ boxes { id constructor toString } }',
      data: {
        boxes: [
          { id: '1', constructor: 11, toString: 'text' },
          { id: '2', constructor: null, toString: null },
          { id: '3', constructor: 13, toString: 'lost' },
        ],
      },
      differs,
    },
    {
      name: 'also where every value is one',
      operation: '{ boxes { toLocaleString } }',
      data: { boxes: [{ toLocaleString: null }, { toLocaleString: null }, { toLocaleString: {} }] },
      differs,
    },
    {
      name: 'at the root, under other names too',
      operation: '{ valueOf toString: valueOf boxes { valueOf: constructor } }',
      data: {
        valueOf: null,
        toString: null,
        boxes: [{ valueOf: 11 }, { valueOf: null }, { valueOf: 13 }],
      },
      differs,
    },
    {
      name: 'of an entity, and of objects in its lists',
      operation: '{ boxes { isPrototypeOf hasOwnProperty { valueOf } } }',
      data: {
        boxes: [
          { isPrototypeOf: true, hasOwnProperty: [{ valueOf: 1 }] },
          { isPrototypeOf: null, hasOwnProperty: [{ valueOf: null }] },
          { isPrototypeOf: null, hasOwnProperty: null },
        ],
      },
      differs,
    },
    {
      name: 'introspection finds them',
      operation: '{ __type(name: "Inner") { fields { name } } }',
      data: { __type: { fields: [{ name: 'valueOf' }] } },
      differs,
    },
  ],
})
