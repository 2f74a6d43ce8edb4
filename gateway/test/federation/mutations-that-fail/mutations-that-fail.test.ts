import { hazard } from '../harness/hazard.ts'
import * as notes from './notes.ts'
import * as readers from './readers.ts'

hazard({
  subgraphs: { notes, readers },
  guards: {
    file: 'gateway/engine/execute/index.ts',
    line: 'if (isPlaced) failures.excuse(object)',
    instead: "if (isPlaced) failures.addWhole(object, errors[0] ?? new GraphQLError(''))",
  },
  cases: [
    {
      name: 'one that fails is null, and those after it run all the same',
      operation: `mutation {
        begin
        fail { id }
        a: write(text: "a") { id readers }
        b: read(note: "b") { id }
        journal
      }`,
      data: {
        begin: 0,
        fail: null,
        a: { id: 'a', readers: 7 },
        b: { id: 'b' },
        journal: ['write a', 'read b'],
      },
      errors: [{ path: ['fail'], message: 'Not today.' }],
    },
    {
      name: 'one that fails in another subgraph stops nobody',
      operation: `mutation {
        begin
        a: failToRead { id }
        b: write(text: "b") { id }
        c: failToRead { id }
        journal
      }`,
      data: { begin: 0, a: null, b: { id: 'b' }, c: null, journal: ['write b'] },
      errors: [
        { path: ['a'], message: 'Not today.' },
        { path: ['c'], message: 'Not today.' },
      ],
    },
    {
      name: 'one that may not be null takes the whole answer with it',
      operation: 'mutation { begin a: write(text: "a") { id } mustNotFail { id } }',
      data: null,
      errors: [{ path: ['mustNotFail'], message: 'Not today.' }],
    },
    {
      name: 'what fails behind a mutation is null there',
      operation: `mutation {
        begin
        write(text: "secret") { id readers }
        after: read(note: "b") { readers }
      }`,
      data: { begin: 0, write: { id: 'secret', readers: null }, after: { readers: 7 } },
      errors: [{ path: ['write', 'readers'], message: 'Not today.' }],
    },
    {
      name: 'what may not be null behind a mutation makes its result null',
      operation: `mutation {
        begin
        write(text: "secret") { id mustHave }
        after: write(text: "b") { mustHave }
        journal
      }`,
      data: {
        begin: 0,
        write: null,
        after: { mustHave: 8 },
        journal: ['write secret', 'write b'],
      },
      errors: [{ path: ['write', 'mustHave'], message: 'Not today.' }],
    },
  ],
})
