import { hazard } from '../harness/hazard.ts'
import * as barn from './barn.ts'
import * as shop from './shop.ts'

hazard({
  subgraphs: { shop, barn },
  guards: {
    file: 'gateway/engine/plan/requests.ts',
    line: 'const own = [...used].flatMap((name) => printing.definitions.get(name) ?? [])',
    instead: 'const own: VariableDefinitionNode[] = []',
  },
  cases: [
    {
      name: 'each subgraph fills in the defaults of its own fields',
      operation: '{ find(search: { text: "a" }) look(search: { text: "a" }) }',
      data: {
        find: '{"search":{"text":"a","limit":2,"shopOnly":"shop"}}',
        look: '{"search":{"text":"a","limit":2}}',
      },
    },
    {
      name: 'nested input objects are handed on, also as a variable',
      operation: `query ($search: Search, $range: Range!) {
        find(search: $search)
        look(search: { range: $range, limit: 1 })
      }`,
      variables: { search: { range: { from: 1 } }, range: { to: 3 } },
      data: {
        find: '{"search":{"limit":2,"range":{"from":1,"to":9},"shopOnly":"shop"}}',
        look: '{"search":{"limit":1,"range":{"to":3}}}',
      },
    },
    {
      name: 'a variable inside an input object reaches an entity of another subgraph',
      operation: `query ($from: Int, $ranges: [Range!]) {
        item { parts(search: { range: { from: $from } }, ranges: $ranges) }
      }`,
      variables: { from: 4, ranges: [{ to: 1 }, {}] },
      data: {
        item: {
          parts: '{"search":{"limit":2,"range":{"from":4,"to":9}},"ranges":[{"to":1},{"to":9}]}',
        },
      },
    },
    {
      name: 'a field that only one subgraph knows is refused in a literal',
      operation: '{ find(search: { shopOnly: "x" }) }',
      refusal: 'Field "shopOnly" is not defined by type "Search"',
    },
    {
      name: 'and in a variable, also of a nested object',
      operation: 'query ($search: Search) { look(search: $search) }',
      variables: { search: { range: { shopOnly: 1 } } },
      errors: [
        {
          path: null,
          message:
            'Variable "$search" got invalid value { shopOnly: 1 } at "search.range"; Field "shopOnly" is not defined by type "Range".',
        },
      ],
    },
    {
      name: 'the client sees what all of them know',
      operation: `{
        search: __type(name: "Search") { inputFields { name } }
        range: __type(name: "Range") { inputFields { name defaultValue } }
      }`,
      data: {
        search: { inputFields: [{ name: 'text' }, { name: 'limit' }, { name: 'range' }] },
        range: {
          inputFields: [
            { name: 'from', defaultValue: null },
            { name: 'to', defaultValue: '9' },
          ],
        },
      },
    },
    {
      name: 'a required field that is missing is refused before any subgraph is asked',
      operation: 'query ($order: Order!) { ordered(order: $order) }',
      variables: { order: {} },
      errors: [
        {
          path: null,
          message:
            'Variable "$order" got invalid value {}; Field "by" of required type "String!" was not provided.',
        },
      ],
      asks: {},
    },
  ],
})
