import { hazard } from '../harness/hazard.ts'
import * as market from './market.ts'
import * as mine from './mine.ts'

const because =
  'GraphQL, September 2025, 3.9, Result Coercion: GraphQL services must return one of the defined ' +
  'set of possible values. If a reasonable coercion is not possible they must raise an execution ' +
  'error.'

hazard({
  subgraphs: { mine, market },
  guards: {
    file: 'gateway/engine/project/index.ts',
    line: 'return leaf === undefined',
    instead: 'return leaf === null',
  },
  cases: [
    {
      name: 'one in an answer is null, with an error at its place',
      operation: '{ metals { id grade } }',
      data: {
        metals: [
          { id: 'tin', grade: 'OPEN' },
          { id: 'uranium', grade: null },
        ],
      },
      errors: [{ path: ['metals', 1, 'grade'] }],
      differs: {
        stitched: {
          data: {
            metals: [
              { id: 'tin', grade: 'OPEN' },
              { id: 'uranium', grade: null },
            ],
          },
        },
        because,
      },
    },
    {
      name: 'also out of the second subgraph, and under an alias',
      operation: '{ metals { now: offered } }',
      data: { metals: [{ now: 'OPEN' }, { now: null }] },
      errors: [{ path: ['metals', 1, 'now'] }],
      differs: { stitched: { data: { metals: [{ now: 'OPEN' }, { now: null }] } }, because },
    },
    {
      name: 'an item of a list is null alone',
      operation: '{ metal(id: "uranium") { history } }',
      data: { metal: { history: ['OPEN', null, null] } },
      errors: [{ path: ['metal', 'history', 1] }],
      differs: { stitched: { data: { metal: { history: ['OPEN', null, null] } } }, because },
    },
    {
      name: 'where null may not stand, the object around it goes',
      operation: '{ metal(id: "uranium") { id strict } other: metal(id: "tin") { strict } }',
      data: { metal: null, other: { strict: 'OPEN' } },
      errors: [{ path: ['metal', 'strict'] }],
    },
    {
      name: 'out of a list of such objects it takes the whole answer',
      operation: '{ metals { mustOffer } market }',
      data: null,
      errors: [{ path: ['metals', 1, 'mustOffer'] }],
    },
    {
      name: 'an item that may not be null takes its list and its object',
      operation: '{ metal(id: "uranium") { all } market }',
      data: { metal: null, market: 'open' },
      errors: [{ path: ['metal', 'all', 1] }],
    },
    {
      name: 'as an argument it is no value at all',
      operation: '{ ofGrade(grade: HIDDEN) }',
      refusal: 'Value "HIDDEN" does not exist in "Grade" enum',
    },
    {
      name: 'nor as a variable, and nobody is told that it exists',
      operation: 'query ($filter: GradeFilter) { ofGrades(filter: $filter) }',
      variables: { filter: { any: ['OPEN', 'HIDDEN'] } },
      errors: [
        {
          path: null,
          message:
            'Variable "$filter" got invalid value "HIDDEN" at "filter.any[1]"; Value "HIDDEN" does not exist in "Grade" enum.',
        },
      ],
    },
    {
      name: 'introspection does not show it',
      operation: '{ __type(name: "Grade") { enumValues { name } } metal(id: "tin") { grade } }',
      data: {
        __type: { enumValues: [{ name: 'OPEN' }, { name: 'SOLD' }] },
        metal: { grade: 'OPEN' },
      },
    },
  ],
})
