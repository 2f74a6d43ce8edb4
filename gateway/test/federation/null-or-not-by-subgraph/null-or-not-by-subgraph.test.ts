import { because } from '../harness/because.ts'
import { hazard } from '../harness/hazard.ts'
import * as lax from './lax.ts'
import * as strict from './strict.ts'

// A field that may be null in one subgraph may be null in the graph. In the other subgraph the two
// members then disagree, and one name for both is not valid there (GraphQL, 5.3.2).
hazard({
  subgraphs: { strict, lax },
  guards: {
    file: 'gateway/engine/plan/joins.ts',
    line: "return [...new Set(types.map((type) => lookOf(joins, type)))].sort().join('|')",
    instead: "return ''",
  },
  cases: [
    {
      name: 'one name for fields of two members that disagree in the asked subgraph',
      operation: '{ items { ... on Book { label } ... on Film { label } } }',
      data: { items: [{ label: 'Emma' }, { label: null }] },
      asks: { strict: 1 },
    },
    {
      name: 'the same under another name, beside a field of the other subgraph',
      operation: '{ items { ... on Book { l: label extra } ... on Film { extra l: label } } }',
      data: {
        items: [
          { l: 'Emma', extra: 5 },
          { extra: 6, l: null },
        ],
      },
      differs: {
        stitched: { data: null, errors: [{ path: ['items'] }] },
        because: because.valid,
      },
    },
    {
      name: 'two such fields at once',
      operation: `{ items {
        ... on Film { label rank } ... on Book { rank label }
      } }`,
      data: {
        items: [
          { rank: 1, label: 'Emma' },
          { label: null, rank: 2 },
        ],
      },
    },
    {
      name: 'fields that disagree only further down',
      operation: '{ items { ... on Book { by { name } } ... on Film { by { n: name name } } } }',
      data: { items: [{ by: { name: 'Ada' } }, { by: { n: null, name: null } }] },
      differs: {
        stitched: { data: null, errors: [{ path: ['items'] }] },
        because: because.valid,
      },
      asks: { strict: 1 },
    },
    {
      name: 'in the subgraph in which they agree',
      operation: '{ lax { ... on Book { label } ... on Film { label } } }',
      data: { lax: [{ label: 'Emma' }, { label: null }] },
      asks: { lax: 1 },
    },
    {
      name: 'a null where another subgraph allows none is a null',
      operation: '{ nothing { label extra } }',
      data: { nothing: { label: null, extra: 5 } },
    },
  ],
})
