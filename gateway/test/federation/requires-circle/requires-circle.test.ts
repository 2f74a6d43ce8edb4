import { because } from '../harness/because.ts'
import { hazard } from '../harness/hazard.ts'
import * as one from './one.ts'
import * as three from './three.ts'
import * as two from './two.ts'

// Stitching waits without end for a circle that is longer than one round.
const differs = { stitched: 'no answer', because: because.requires } as const

hazard({
  subgraphs: { one, two, three },
  guards: {
    file: 'gateway/engine/plan/jump.ts',
    line: 'return join !== null && !(join.requires && place.open.has(openId(home, ask)))',
    instead: 'return join !== null && !join.requires',
  },
  cases: [
    {
      name: 'three subgraphs require of each other in a circle, and back to the first',
      operation: '{ fromOne { a3 } }',
      data: { fromOne: [{ a3: 'a1bca' }, { a3: 'a2bca' }] },
      asks: { one: 2, two: 1, three: 1 },
    },
    {
      name: 'the circle is entered at the second',
      operation: '{ fromTwo { b3 } }',
      data: { fromTwo: { b3: 'a2bcab' } },
      differs,
    },
    {
      name: 'the circle is entered at the third, and goes around twice',
      operation: '{ fromThree { c4 } }',
      data: { fromThree: { c4: 'a1bcabc' } },
      differs,
    },
    {
      name: 'every step is shown',
      operation: '{ fromOne { c4 b3 a3 c2 b1 a1 } }',
      data: {
        fromOne: [
          { c4: 'a1bcabc', b3: 'a1bcab', a3: 'a1bca', c2: 'a1bc', b1: 'a1b', a1: 'a1' },
          { c4: 'a2bcabc', b3: 'a2bcab', a3: 'a2bca', c2: 'a2bc', b1: 'a2b', a1: 'a2' },
        ],
      },
      differs,
    },
    {
      name: 'two roots go around at the same time',
      operation: '{ x: fromThree { c2 } y: fromTwo { c2 } }',
      data: { x: { c2: 'a1bc' }, y: { c2: 'a2bc' } },
    },
  ],
})
