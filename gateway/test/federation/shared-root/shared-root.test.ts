import { because } from '../harness/because.ts'
import { hazard } from '../harness/hazard.ts'
import * as left from './left.ts'
import * as right from './right.ts'

hazard({
  subgraphs: { left, right },
  guards: {
    file: 'gateway/engine/plan/jump.ts',
    line: '(best, one) => (!best || one.score > best.score ? one : best),',
    instead: '(best, one) => best ?? one,',
  },
  cases: [
    {
      name: 'a root that two subgraphs share has the fields of both',
      operation: '{ me { email name } }',
      data: { me: { email: 'ada@example.org', name: 'Ada' } },
    },
    {
      name: 'one of them is enough for its own fields',
      operation: '{ me { email id } }',
      data: { me: { email: 'ada@example.org', id: '1' } },
      asks: { right: 1 },
    },
    {
      name: 'a shared list has the fields of both at each item',
      operation: '{ everybody { name mail: email } }',
      data: { everybody: [{ name: 'Ada', mail: 'ada@example.org' }] },
      differs: {
        stitched: { data: { everybody: [{ name: 'Ada', mail: null }] } },
        because: because.key,
      },
    },
    {
      name: 'root fields of both stand in the order in which they were asked for',
      operation: '{ onlyRight time onlyLeft again: onlyRight __typename }',
      data: { onlyRight: 2, time: 12, onlyLeft: 1, again: 2, __typename: 'Query' },
      asks: { left: 1, right: 1 },
    },
    {
      name: 'a shared root under two names',
      operation: '{ a: me { name } b: me { email } }',
      data: { a: { name: 'Ada' }, b: { email: 'ada@example.org' } },
    },
    {
      name: 'mutations of both stand in the order in which they were asked for',
      operation: 'mutation { right again: left left b: right __typename }',
      data: { right: 2, again: 1, left: 1, b: 2, __typename: 'Mutation' },
    },
  ],
})
