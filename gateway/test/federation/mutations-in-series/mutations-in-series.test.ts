import { hazard } from '../harness/hazard.ts'
import * as carts from './carts.ts'
import * as stock from './stock.ts'

// Source: GraphQL, September 2025, 6.2.2: the selections of a mutation are executed serially.
hazard({
  subgraphs: { carts, stock },
  guards: {
    file: 'gateway/engine/plan/index.ts',
    line: '...{ selected: nothingSelected(), needs: [], after: new Set(fetches) },',
    instead: '...{ selected: nothingSelected(), needs: [], after: new Set() },',
  },
  cases: [
    {
      name: 'mutations of two subgraphs run in the order in which they stand',
      operation: `mutation {
        begin
        a: put(item: "a") { id }
        b: reserve(item: "b") { id }
        c: put(item: "c") { id }
        journal
      }`,
      data: {
        begin: 0,
        a: { id: 'a' },
        b: { id: 'b' },
        c: { id: 'c' },
        journal: ['put a', 'reserve b', 'put c'],
      },
    },
    {
      name: 'the order is that of the document, not that of the subgraphs',
      operation: `mutation {
        begin
        b: reserve(item: "b") { id }
        a: put(item: "a") { id }
        c: reserve(item: "c") { id }
        journal
      }`,
      data: {
        begin: 0,
        b: { id: 'b' },
        a: { id: 'a' },
        c: { id: 'c' },
        journal: ['reserve b', 'put a', 'reserve c'],
      },
    },
    {
      name: 'what a mutation returns goes on in the other subgraph before the next one begins',
      operation: `mutation {
        begin
        a: put(item: "a") { id known }
        b: reserve(item: "b") { putAt id known }
        c: put(item: "c") { known putAt }
      }`,
      data: {
        begin: 0,
        a: { id: 'a', known: 1 },
        b: { putAt: -1, id: 'b', known: 2 },
        c: { known: 3, putAt: 2 },
      },
    },
    {
      name: 'a mutation that stands twice under one name runs once',
      operation: `mutation {
        begin
        put(item: "a") { id }
        ... on Mutation { put(item: "a") { known } }
        journal
      }`,
      data: { begin: 0, put: { id: 'a', known: 1 }, journal: ['put a'] },
    },
    {
      name: 'mutations behind fragments and conditions keep their place',
      operation: `mutation ($no: Boolean!, $item: ID!) {
        begin
        ...First
        b: put(item: "b") @include(if: $no) { id }
        c: put(item: $item) { id }
        journal
      }
      fragment First on Mutation { a: reserve(item: "a") { id } }`,
      variables: { no: false, item: 'c' },
      data: { begin: 0, a: { id: 'a' }, c: { id: 'c' }, journal: ['reserve a', 'put c'] },
    },
  ],
})
