import { hazard } from '../harness/hazard.ts'
import * as even from './even.ts'
import * as odd from './odd.ts'

// Source: GraphQL, September 2025, 7.2.2: the order of an answer is that of the fields asked for.
hazard({
  subgraphs: { odd, even },
  guards: {
    file: 'gateway/engine/project/shape.ts',
    line: 'if (same) same.push(selection)',
    instead: 'if (same) fields.set(selection.responseName, [selection])',
  },
  cases: [
    {
      name: 'root fields of two subgraphs keep the order of the document',
      operation: '{ four one two three }',
      data: { four: 4, one: 1, two: 2, three: 3 },
      asks: { odd: 1, even: 1 },
    },
    {
      name: 'fields of an entity keep it as well, and its key comes where it was asked for',
      operation: '{ nodes { d c b id a } }',
      data: {
        nodes: [
          { d: 'd1', c: 3, b: 'b1', id: '1', a: 1 },
          { d: 'd2', c: 13, b: 'b2', id: '2', a: 11 },
        ],
      },
    },
    {
      name: 'a field that stands twice keeps its first place',
      operation: '{ nodes { e d a e ... on Node { d c } } }',
      data: {
        nodes: [
          { e: 5, d: 'd1', a: 1, c: 3 },
          { e: 15, d: 'd2', a: 11, c: 13 },
        ],
      },
    },
    {
      name: 'fragments stand for their fields where they are spread',
      operation: `
        query { nodes { b ...Odd d } }
        fragment Odd on Node { c ...More a }
        fragment More on Node { d twin { b } }
      `,
      data: {
        nodes: [
          { b: 'b1', c: 3, d: 'd1', twin: { b: 'b1' }, a: 1 },
          { b: 'b2', c: 13, d: 'd2', twin: { b: 'b2' }, a: 11 },
        ],
      },
    },
    {
      name: 'an object that stands twice is one, with the fields of both in their order',
      operation: '{ nodes { twin { d a } b twin { c d } } two nodes { a } }',
      data: {
        nodes: [
          { twin: { d: 'd1', a: 1, c: 3 }, b: 'b1', a: 1 },
          { twin: { d: 'd2', a: 11, c: 13 }, b: 'b2', a: 11 },
        ],
        two: 2,
      },
    },
    {
      name: 'names that look like numbers of a list or like properties are names',
      operation: '{ nodes { length: b constructor: a toString: d _0: c } }',
      data: {
        nodes: [
          { length: 'b1', constructor: 1, toString: 'd1', _0: 3 },
          { length: 'b2', constructor: 11, toString: 'd2', _0: 13 },
        ],
      },
    },
  ],
})
