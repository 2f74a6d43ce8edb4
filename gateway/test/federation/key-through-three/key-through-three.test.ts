import { hazard } from '../harness/hazard.ts'
import * as first from './first.ts'
import * as fourth from './fourth.ts'
import * as second from './second.ts'
import * as third from './third.ts'

hazard({
  subgraphs: { first, second, third, fourth },
  guards: {
    file: 'gateway/engine/plan/reach.ts',
    line: 'known = [...known, ...added]',
    instead: 'return ways',
  },
  cases: [
    {
      name: 'an entity is found through two subgraphs that only know its keys',
      operation: '{ fromFirst { fourth } }',
      data: { fromFirst: [{ fourth: 'fourth c1' }, { fourth: 'fourth c2' }] },
      asks: { first: 1, second: 1, third: 1, fourth: 1 },
    },
    {
      name: 'and all the way back',
      operation: '{ fromFourth { first fourth } }',
      data: { fromFourth: { first: 'first a2', fourth: 'fourth c2' } },
      asks: { first: 1, second: 1, third: 1, fourth: 1 },
    },
    {
      name: 'half of the way is enough for half of the keys',
      operation: '{ fromFirst { b a } }',
      data: {
        fromFirst: [
          { b: 'b1', a: 'a1' },
          { b: 'b2', a: 'a2' },
        ],
      },
      asks: { first: 1, second: 1 },
    },
    {
      name: 'keys on the way stand under the names of each other',
      operation: '{ fromFirst { b: a c: b a: c d: fourth } }',
      data: {
        fromFirst: [
          { b: 'a1', c: 'b1', a: 'c1', d: 'fourth c1' },
          { b: 'a2', c: 'b2', a: 'c2', d: 'fourth c2' },
        ],
      },
    },
    {
      name: 'both ways at once',
      operation: '{ fromFourth { a first } fromFirst { first c } }',
      data: {
        fromFourth: { a: 'a2', first: 'first a2' },
        fromFirst: [
          { first: 'first a1', c: 'c1' },
          { first: 'first a2', c: 'c2' },
        ],
      },
    },
  ],
})
