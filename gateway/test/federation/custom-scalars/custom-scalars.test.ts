import { hazard } from '../harness/hazard.ts'
import * as audit from './audit.ts'
import * as config from './config.ts'
import { falsy, large, settings } from './data.ts'

hazard({
  subgraphs: { config, audit },
  guards: {
    file: 'gateway/engine/compile/representation.ts',
    line: 'isWritable(value) ? JSON.stringify(value) : null',
    instead: 'isWritable(value) ? JSON.stringify(String(value)) : null',
  },
  cases: [
    {
      name: 'an object inside a scalar passes whole, whatever its keys are called',
      operation: '{ settings again: settings }',
      data: { settings, again: settings },
    },
    {
      name: 'also out of an entity, beside fields of those names',
      operation: '{ entries { value raw } }',
      data: {
        entries: [
          { value: { value: 1, name: 'here' }, raw: settings },
          { value: { value: '1', name: 'here' }, raw: settings },
          { value: { value: true, name: 'here' }, raw: settings },
          { value: { value: 'true', name: 'here' }, raw: settings },
        ],
      },
    },
    {
      name: 'what is empty or false is not what is missing',
      operation: '{ falsy nothing }',
      data: { falsy, nothing: null },
    },
    { name: 'large numbers keep their value', operation: '{ large }', data: { large } },
    {
      name: 'keys that only look alike are different entities',
      operation: '{ entries { kind code } }',
      data: {
        entries: [
          { kind: 'number 1', code: 1 },
          { kind: 'string 1', code: '1' },
          { kind: 'boolean true', code: true },
          { kind: 'string true', code: 'true' },
        ],
      },
    },
    {
      name: 'a literal of any shape is handed on, variables in it as well',
      operation: `query ($x: JSON) {
        a: echo(value: { id: 1, list: [true, null, { name: "n" }], float: 1.5 })
        b: echo(value: { x: $x, deep: [[$x]] })
        c: echo(value: $x)
        d: echo
      }`,
      variables: { x: { __typename: 'X', list: [1, '1'] } },
      data: {
        a: { id: 1, list: [true, null, { name: 'n' }], float: 1.5 },
        b: {
          x: { __typename: 'X', list: [1, '1'] },
          deep: [[{ __typename: 'X', list: [1, '1'] }]],
        },
        c: { __typename: 'X', list: [1, '1'] },
        d: null,
      },
    },
    {
      name: 'to an entity of another subgraph too',
      operation: 'query ($x: JSON = { y: 1 }) { entries { with(value: { x: $x }) } }',
      data: {
        entries: [
          { with: [{ x: { y: 1 } }] },
          { with: [{ x: { y: 1 } }] },
          { with: [{ x: { y: 1 } }] },
          { with: [{ x: { y: 1 } }] },
        ],
      },
    },
  ],
})
