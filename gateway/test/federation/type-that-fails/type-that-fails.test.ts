import { hazard } from '../harness/hazard.ts'
import * as catalogue from './catalogue.ts'
import * as ratings from './ratings.ts'

const message = 'Cannot return null for non-nullable field Film.minutes.'

const because = 'errors of a type that is lost stand at the object, in words of its own'

// Source: GraphQL, September 2025, 6.4.4: what may not be null takes the object that it is of.
hazard({
  subgraphs: { catalogue, ratings },
  guards: {
    file: 'gateway/engine/project/index.ts',
    line: 'if (type === null && shape.dependsOnType && !projecting.failures.isEmpty())',
    instead: 'if (type === null && path.length < 0)',
  },
  cases: [
    {
      name: 'an object whose type was lost with a field is null',
      operation: '{ best { stars ... on Film { minutes } } }',
      data: { best: null },
      errors: [{ path: ['best', 'minutes'], message }],
      differs: { stitched: { data: { best: null }, errors: [{ path: ['best'] }] }, because },
    },
    {
      name: 'its name is never the interface’s',
      operation: '{ best { __typename stars ... on Film { minutes } } }',
      data: { best: null },
      errors: [{ path: ['best', 'minutes'], message }],
      differs: { stitched: { data: { best: null }, errors: [{ path: ['best'] }] }, because },
    },
    {
      name: 'the others of its list are whole',
      operation: '{ ranked { stars ... on Book { pages } ... on Film { minutes } } }',
      data: { ranked: [{ stars: 4, pages: 400 }, null] },
      errors: [{ path: ['ranked', 1, 'minutes'], message }],
      differs: {
        stitched: {
          data: { ranked: [{ stars: 4, pages: 400 }, null] },
          errors: [{ path: ['ranked', 1] }],
        },
        because,
      },
    },
    {
      name: 'what needs no type is there without it',
      operation: '{ best { stars id } }',
      data: { best: { stars: 5, id: 'f' } },
    },
  ],
})
