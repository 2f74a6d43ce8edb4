import { hazard } from '../harness/hazard.ts'
import * as sizes from './sizes.ts'
import * as store from './store.ts'

// Inside a scalar of the graph's own every variable is allowed. Source: GraphQL, 5.8.5.
hazard({
  subgraphs: { store, sizes },
  guards: {
    file: 'gateway/engine/plan/requests.ts',
    line: 'visit(value, { [Kind.VARIABLE]: ({ name }) => void names.push(name.value) })',
    instead: 'if (value.kind === Kind.VARIABLE) names.push(value.name.value)',
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
  ],
})
