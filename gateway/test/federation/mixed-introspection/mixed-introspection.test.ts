import { hazard } from '../harness/hazard.ts'
import * as maps from './maps.ts'
import * as people from './people.ts'

hazard({
  subgraphs: { maps, people },
  guards: {
    file: 'gateway/engine/prepare/selection.ts',
    line: "if (name === '__schema' || name === '__type') return 'introspection'",
  },
  cases: [
    {
      name: 'introspection between two fields keeps its place',
      operation:
        '{ towns { heads } __type(name: "Town") { name description } headCount __typename }',
      data: {
        towns: [{ heads: 100 }, { heads: 200 }],
        __type: { name: 'Town', description: 'A place with people.' },
        headCount: 300,
        __typename: 'Query',
      },
    },
    {
      name: 'the schema’s roots, with no field beside them, need no subgraph',
      operation: `{
        __schema {
          queryType { name }
          mutationType { name kind }
          subscriptionType { name }
        }
      }`,
      data: {
        __schema: {
          queryType: { name: 'Query' },
          mutationType: { name: 'Mutation', kind: 'OBJECT' },
          subscriptionType: null,
        },
      },
      asks: {},
    },
    {
      name: 'names, conditions and fragments of an introspection may come out of variables',
      operation: `query ($name: String!, $deep: Boolean!) {
        a: __type(name: $name) { ...Type }
        b: __type(name: $name) { ... @skip(if: $deep) { name } kind }
        headCount @include(if: $deep)
      }
      fragment Type on __Type { name @skip(if: $deep) description @include(if: $deep) }`,
      variables: { name: 'Town', deep: true },
      data: {
        a: { description: 'A place with people.' },
        b: { kind: 'OBJECT' },
        headCount: 300,
      },
    },
    {
      name: 'a type that does not exist is null',
      operation:
        '{ __type(name: "Nowhere") { name } other: __type(name: "__Type") { kind } headCount }',
      data: { __type: null, other: { kind: 'OBJECT' }, headCount: 300 },
    },
    {
      name: 'introspection inside a fragment on the root is introspection',
      operation:
        '{ ...Root headCount } fragment Root on Query { ... { __type(name: "Town") { kind } } }',
      data: { __type: { kind: 'OBJECT' }, headCount: 300 },
    },
    {
      name: 'an error of a field does not cost the introspection beside it',
      operation: '{ lost { name } __type(name: "Int") { kind } }',
      data: { lost: null, __type: { kind: 'SCALAR' } },
      errors: [{ path: ['lost'], message: 'Lost.' }],
    },
    {
      name: 'fields of one introspection merge',
      operation: `{
        __type(name: "Town") { name }
        ... on Query { __type(name: "Town") { kind name } }
      }`,
      data: { __type: { name: 'Town', kind: 'OBJECT' } },
    },
    {
      name: 'an argument that is no name is refused',
      operation: '{ __type(name: 1) { name } headCount }',
      refusal: 'String cannot represent a non string value: 1',
    },
  ],
})
