import { hazard } from '../harness/hazard.ts'
import * as left from './left.ts'
import * as right from './right.ts'

hazard({
  subgraphs: { left, right },
  guards: {
    file: 'gateway/engine/prepare/document.ts',
    line: "if (errors.length > 0) throw new AggregateError(errors, 'The document is not valid.')",
  },
  cases: [
    {
      name: 'a fragment that spreads itself',
      operation: '{ left { ...A } } fragment A on Node { next { ...A } }',
      refusal: 'Cannot spread fragment "A" within itself',
    },
    {
      name: 'fragments that spread each other',
      operation:
        '{ left { ...A } } fragment A on Node { next { ...B } } fragment B on Node { ...A }',
      refusal: 'Cannot spread fragment "A" within itself via "B"',
    },
    {
      name: 'a fragment that is not there, and one that nobody uses',
      operation: '{ left { ...Missing } } fragment Unused on Node { id }',
      refusal: 'Unknown fragment "Missing"',
    },
    {
      name: 'a name that several operations could be meant by',
      operation: 'query A { answer } query B { answer }',
      refusal: 'operation',
    },
    {
      name: 'an operation that is not in the document',
      operation: 'query A { answer } query B { left { id } }',
      operationName: 'C',
      refusal: 'no operation of that name',
    },
    {
      name: 'the one that is named runs, not the first',
      operation: 'query A { left { id } } query B { answer right { weight } }',
      operationName: 'B',
      data: { answer: 42, right: { weight: 5 } },
    },
    {
      name: 'a selection on a field that has no fields, and none on one that has',
      operation: '{ answer { id } left }',
      refusal: 'must not have a selection',
    },
    {
      name: 'one name for two fields',
      operation: '{ left { id: next { id } id } }',
      refusal: 'Fields "id" conflict',
    },
    {
      name: 'a field that no subgraph has',
      operation: '{ left { weight colour } }',
      refusal: 'Cannot query field "colour" on type "Node"',
    },
    {
      name: 'a kind of operation that the graph does not have',
      operation: 'mutation { answer }',
      refusal: 'mutation',
    },
    { name: 'what is no GraphQL', operation: '{ left { id ', refusal: 'Syntax Error' },
    {
      name: 'a directive at a place where it may not stand',
      operation: 'query @skip(if: true) { answer }',
      refusal: 'Directive "@skip" may not be used on QUERY',
    },
  ],
})
