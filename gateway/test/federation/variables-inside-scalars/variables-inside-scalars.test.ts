import { hazard } from '../harness/hazard.ts'
import * as sizes from './sizes.ts'
import * as store from './store.ts'

// Inside a scalar of the graph's own every variable is allowed. Source: GraphQL, 5.8.5.
hazard({
  subgraphs: { store, sizes },
  guards: {
    file: 'gateway/engine/prepare/scalar-literals.ts',
    line: 'if (!isOwnScalar(type) || variablesIn(node).size === 0) return undefined',
    instead: 'if (type || !isOwnScalar(type) || variablesIn(node).size === 0) return undefined',
  },
  cases: [
    {
      name: 'a variable of a plain type',
      operation:
        'query ($n: Int!, $on: Boolean = true) { echo(value: { n: $n, list: [$n, $on] }) }',
      variables: { n: 3 },
      data: { echo: { n: 3, list: [3, true] } },
    },
    {
      name: 'one variable in a scalar of both subgraphs',
      operation: `query ($text: String!) {
        echo(value: { text: $text }) item { echo(value: [{ text: $text }]) }
      }`,
      variables: { text: 'a "b" {c}' },
      data: { echo: { text: 'a "b" {c}' }, item: { echo: [{ text: 'a "b" {c}' }] } },
    },
    {
      name: 'a variable that was left out is left out inside the scalar',
      operation:
        'query ($none: Int, $null: Int) { echo(value: { a: 1, none: $none, null: $null }) }',
      variables: { null: null },
      data: { echo: { a: 1, null: null } },
    },
    {
      name: 'a variable of a type that the subgraph does not know',
      operation: `query ($size: Size!, $range: Range) {
        echo(value: { size: $size, range: $range }) sized(size: $size, range: $range)
      }`,
      variables: { size: 'LARGE', range: { to: 2 } },
      data: {
        echo: { size: 'LARGE', range: { from: 1, to: 2 } },
        sized: 'LARGE {"from":1,"to":2}',
      },
    },
  ],
})
