import { expect, test } from 'bun:test'
import { hazard } from '../harness/hazard.ts'
import * as boxes from './boxes.ts'
import * as labels from './labels.ts'

hazard({
  subgraphs: { boxes, labels },
  guards: {
    file: 'gateway/engine/execute/index.ts',
    line: 'if (!Object.hasOwn(given, name)) continue',
    instead: 'if (given[name] === undefined) continue',
  },
  cases: [
    {
      name: 'what is missing under such a name is null, not what every object has',
      operation: '{ boxes { valueOf: number hasOwnProperty: list toString: label } }',
      data: {
        boxes: [
          { valueOf: 5, hasOwnProperty: [1, 2], toString: 'label 1' },
          { valueOf: null, hasOwnProperty: null, toString: null },
        ],
      },
    },
    {
      name: 'an object under such a name is the subgraph’s, or null',
      operation: '{ boxes { constructor: inner { toString: text valueOf: __typename } } }',
      data: {
        boxes: [{ constructor: { toString: 'inner', valueOf: 'Inner' } }, { constructor: null }],
      },
      differs: {
        stitched: { data: { boxes: [{ constructor: null }, { constructor: null }] } },
        because:
          'GraphQL, September 2025, 2.7: By default a field’s response key in the response object ' +
          'will use that field’s name. However, you can define a different response name by ' +
          'specifying an alias.',
      },
    },
    {
      name: 'at the root, and around the key',
      operation: `{
        toString: labels
        constructor: boxes { hasOwnProperty: id toLocaleString: label propertyIsEnumerable: id }
        valueOf: __typename
      }`,
      data: {
        toString: 1,
        constructor: [
          { hasOwnProperty: '1', toLocaleString: 'label 1', propertyIsEnumerable: '1' },
          { hasOwnProperty: 'lost', toLocaleString: null, propertyIsEnumerable: 'lost' },
        ],
        valueOf: 'Query',
      },
    },
    {
      name: 'fragments, operations and variables may be called so',
      operation: `query toString($constructor: String, $valueOf: Boolean = true) {
        ...hasOwnProperty
        boxes { ...constructor }
      }
      fragment hasOwnProperty on Query { given(isPrototypeOf: $constructor) }
      fragment constructor on Box { id number @skip(if: $valueOf) }`,
      data: { given: 'not given', boxes: [{ id: '1' }, { id: 'lost' }] },
    },
    {
      name: 'and a variable that is given is given',
      operation: `query ($toString: String!, $constructor: Boolean!) {
        given(isPrototypeOf: $toString) labels @include(if: $constructor)
      }`,
      variables: { toString: 'x', constructor: false },
      data: { given: 'given x' },
    },
    {
      name: 'an operation that is called like what every object has, and is not there',
      operation: 'query A { labels }',
      operationName: 'constructor',
      refusal: 'no operation of that name',
    },
    {
      name: 'a type that is not there is null',
      operation: '{ __type(name: "toString") { name } other: __type(name: "__proto__") { name } }',
      data: { __type: null, other: null },
    },
    {
      name: 'a type and its values may be called so',
      operation: '{ kind __type(name: "valueOf") { enumValues { name } } }',
      data: {
        kind: 'constructor',
        __type: { enumValues: [{ name: 'constructor' }, { name: 'toString' }] },
      },
    },
  ],
})

test('every object is as it was', () => {
  expect(Object.keys(Object.prototype)).toEqual([])
  expect(Reflect.get({}, 'number')).toBeUndefined()
})
