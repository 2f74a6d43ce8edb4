import { hazard } from '../harness/hazard.ts'
import * as echo from './echo.ts'
import * as tape from './tape.ts'

// Source: GraphQL, September 2025, 3.10 to 3.12 (Input Coercion) and 6.4.1 (arguments).
hazard({
  subgraphs: { echo, tape },
  guards: {
    file: 'gateway/engine/execute/index.ts',
    line: 'if (!Object.hasOwn(given, name)) continue',
  },
  cases: [
    {
      name: 'null, left out, and a variable that nobody gave are three things',
      operation: `query ($none: Box, $null: Box) {
        a: box b: box(box: null) c: box(box: $none) d: box(box: $null)
      }`,
      variables: { null: null },
      data: { a: '{}', b: '{"box":null}', c: '{}', d: '{"box":null}' },
    },
    {
      name: 'so they are inside an input object',
      operation: `query ($none: Int, $null: Int) {
        a: box(box: {})
        b: box(box: { n: null })
        c: box(box: { n: $none })
        d: box(box: { n: $null, label: null })
      }`,
      variables: { null: null },
      data: {
        a: '{"box":{"n":5}}',
        b: '{"box":{"n":null}}',
        c: '{"box":{"n":5}}',
        d: '{"box":{"n":null,"label":null}}',
      },
    },
    {
      name: 'a default is for what is left out, not for null',
      operation: `query ($on: Boolean = false, $null: Boolean = false, $unit: Unit = FOOT) {
        a: plain b: plain(on: $on, unit: $unit) c: plain(on: $null, unit: null)
      }`,
      variables: { null: null },
      data: {
        a: '{"on":true,"unit":"METRE"}',
        b: '{"on":false,"unit":"FOOT"}',
        c: '{"on":null,"unit":null}',
      },
    },
    {
      name: 'one value where a list is asked for is a list of one',
      operation: `query ($flat: [Int], $deep: [[Int!]], $boxes: [Box!]) {
        a: lists(flat: 1, deep: 2)
        b: lists(flat: $flat, deep: $deep)
        c: box(box: { list: 3, boxes: { n: 4 } })
        d: box(box: { boxes: $boxes })
      }`,
      variables: { flat: 1, deep: 2, boxes: { n: 6 } },
      data: {
        a: '{"flat":[1],"deep":[[2]]}',
        b: '{"flat":[1],"deep":[[2]]}',
        c: '{"box":{"n":5,"list":[3],"boxes":[{"n":4}]}}',
        d: '{"box":{"n":5,"boxes":[{"n":6}]}}',
      },
    },
    {
      name: 'null where a list is asked for stays null, and an empty list stays empty',
      operation: `query ($null: [Int]) { a: lists(flat: null, deep: []) b: lists(flat: $null, deep: [null]) }`,
      variables: { null: null },
      data: { a: '{"flat":null,"deep":[]}', b: '{"flat":null,"deep":[null]}' },
    },
    {
      name: 'an integer is good for a float and for an id',
      operation: `query ($float: Float, $id: ID) {
        a: plain(float: 1, id: 2, on: null, unit: null)
        b: plain(float: $float, id: $id, on: null, unit: null)
      }`,
      variables: { float: 3, id: 4 },
      data: {
        a: '{"float":1,"id":"2","on":null,"unit":null}',
        b: '{"float":3,"id":"4","on":null,"unit":null}',
      },
    },
    {
      name: 'the arguments of an entity have the same rules',
      operation: `query ($unit: Unit, $digits: Int, $box: Int = 8) {
        thing {
          a: measured
          b: measured(unit: $unit, digits: $digits)
          c: measured(unit: FOOT, digits: null, boxes: { n: $box })
          d: measured(boxes: null)
        }
      }`,
      variables: { digits: 2 },
      data: {
        thing: {
          a: '{"unit":"METRE","boxes":[{"n":1}]}',
          b: '{"unit":"METRE","digits":2,"boxes":[{"n":1}]}',
          c: '{"unit":"FOOT","digits":null,"boxes":[{"n":8}]}',
          d: '{"unit":"METRE","boxes":null}',
        },
      },
    },
  ],
})
