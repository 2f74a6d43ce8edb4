import { hazard } from '../harness/hazard.ts'
import * as carts from './carts.ts'
import { cart } from './data.ts'
import * as users from './users.ts'

hazard({
  subgraphs: { carts, users },
  guards: {
    file: 'gateway/engine/plan/jump.ts',
    line: 'operation: roots.get(place.type) ?? OperationTypeNode.QUERY,',
  },
  reset: () => {
    cart.length = 0
  },
  cases: [
    {
      name: 'the query that a mutation answers with is read after it',
      operation: 'mutation { put(item: "a") { query { cart } count } }',
      data: { put: { query: { cart: ['a'] }, count: 1 } },
    },
    {
      name: 'it has the fields that every subgraph shares',
      operation: 'mutation { put(item: "a") { query { me cart } } }',
      data: { put: { query: { me: 'Ada', cart: ['a'] } } },
    },
    {
      name: 'each of two mutations sees what was there after it',
      operation: `mutation {
        a: put(item: "a") { query { cart } } b: put(item: "b") { query { cart me } }
      }`,
      data: { a: { query: { cart: ['a'] } }, b: { query: { cart: ['a', 'b'], me: 'Ada' } } },
    },
    {
      name: 'a query inside a query',
      operation: 'query ($n: Int!) { self { self { some: users(first: $n) __typename } me } me }',
      variables: { n: 2 },
      data: { self: { self: { some: ['Ada', 'Bob'], __typename: 'Query' }, me: 'Ada' }, me: 'Ada' },
    },
    {
      name: 'a query inside a query stays in its subgraph',
      operation: '{ self { users(first: 1) } }',
      data: { self: { users: ['Ada'] } },
    },
    {
      name: 'introspection stands there as well, each with its own selection',
      operation: `{
        __schema { mutationType { name } }
        self { __schema { queryType { name } } self { __type(name: "Int") { kind } ...Again } }
      } fragment Again on Query { __type(name: "Int") { name } }`,
      data: {
        __schema: { mutationType: { name: 'Mutation' } },
        self: {
          __schema: { queryType: { name: 'Query' } },
          self: { __type: { kind: 'SCALAR', name: 'Int' } },
        },
      },
    },
    {
      name: 'behind a mutation too, by a variable',
      operation:
        'mutation ($type: String!) { put(item: "a") { query { __type(name: $type) { kind } } } }',
      variables: { type: 'Int' },
      data: { put: { query: { __type: { kind: 'SCALAR' } } } },
    },
  ],
})
