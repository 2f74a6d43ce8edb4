import { expect, test } from 'bun:test'
import type { Case } from '../harness/case.ts'
import { hazard } from '../harness/hazard.ts'
import * as kennel from './kennel.ts'
import * as owners from './owners.ts'

const theNextOne: Omit<Case, 'name'> = {
  operation: '{ dogs { name owner { name } } }',
  data: { dogs: [{ name: 'Rex', owner: { name: 'Ada' } }] },
}

// Source: GraphQL, September 2025, 2.1.9: names that begin with two underscores are reserved.
hazard({
  subgraphs: { kennel, owners },
  guards: {
    file: 'gateway/engine/prepare/document.ts',
    line: 'context.reportError(new GraphQLError(message, { nodes: node }))',
    instead: 'void message',
  },
  cases: [
    {
      name: '__proto__ for a field',
      operation: '{ dogs { __proto__: name } }',
      refusal: '__proto__',
    },
    { ...theNextOne, name: 'the request after it is fine' },
    {
      name: '__proto__ for an object of another subgraph',
      operation: '{ dogs { id __proto__: owner { name } } }',
      refusal: '__proto__',
    },
    {
      name: '__proto__ at the root, with the very content that would be inherited',
      operation: '{ __proto__: dogs { toString: name owner { name } } owners }',
      refusal: '__proto__',
    },
    { ...theNextOne, name: 'the request after those is fine as well' },
    {
      name: 'a type name under a reserved name',
      operation: '{ dogs { __type: __typename } }',
      refusal: '__type',
    },
    {
      name: 'another field under the name of the type name',
      operation: '{ dogs { __typename: name } }',
      refusal: '__typename',
    },
    {
      name: 'a reserved name inside a fragment that a condition leaves out',
      operation:
        '{ owners ... @include(if: false) { ...Dogs } } fragment Dogs on Query { dogs { __x: id } }',
      refusal: '__x',
    },
    { ...theNextOne, name: 'the request after all is fine too' },
  ],
})

test('no object has inherited anything', () => {
  expect(Reflect.get({}, 'name')).toBeUndefined()
  expect(Object.keys(Object.prototype)).toEqual([])
})
