import { because } from '../harness/because.ts'
import { hazard } from '../harness/hazard.ts'
import * as part from './part.ts'
import * as whole from './whole.ts'

// One name for two members whose fields disagree about null is not valid in a subgraph (GraphQL,
// 5.3.2), although through the interface it is valid in the graph.
hazard({
  subgraphs: { whole, part },
  guards: { file: 'gateway/engine/plan/text.ts', line: 'renames.set(alias, key)' },
  cases: [
    {
      name: 'a field that the interface lacks in the asked subgraph, and whose members disagree',
      operation: '{ part { name } }',
      data: { part: [{ name: null }, null, { name: 'Rex' }] },
      asks: { part: 1 },
    },
    {
      name: 'two such fields, under other names',
      operation: '{ part { n: name s: size id } }',
      data: { part: [{ n: null, s: 1, id: 'b' }, null, { n: 'Rex', s: 3, id: 'd' }] },
      differs: {
        stitched: { data: { part: null }, errors: [{ path: ['part'] }, { path: ['part'] }] },
        because: because.valid,
      },
      asks: { part: 1 },
    },
    {
      name: 'where the interface has the field',
      operation: '{ whole { name size } }',
      data: {
        whole: [
          { name: 'Rex', size: 3 },
          { name: null, size: 1 },
        ],
      },
      asks: { whole: 1 },
    },
    {
      name: 'through the interface and through a member at once',
      operation: '{ whole { name ... on Dog { dog: name age } ... on Bird { bird: size } } }',
      data: {
        whole: [
          { name: 'Rex', dog: 'Rex', age: 5 },
          { name: null, bird: 1 },
        ],
      },
    },
    {
      name: 'through another interface of the same objects',
      operation: '{ sized { size ... on Animal { name } } part { ... on Sized { size } } }',
      data: {
        sized: [
          { size: 3, name: 'Rex' },
          { size: 1, name: null },
        ],
        part: [{ size: 1 }, null, { size: 3 }],
      },
      asks: { part: 1 },
    },
    {
      name: 'a value of a scalar keeps its own names beside it',
      operation: '{ part { name ... on Dog { notes } ... on Bird { notes } } }',
      data: {
        part: [
          { name: null, notes: [{ name_0: 1, name_1: { name_0: 2 }, name: 3 }] },
          null,
          { name: 'Rex', notes: { name_0: 1, name_1: { name_0: 2 }, name: 3 } },
        ],
      },
      asks: { part: 1 },
    },
  ],
})
