import { hazard } from '../harness/hazard.ts'
import { done } from './data.ts'
import * as old from './old.ts'
import * as young from './young.ts'

hazard({
  subgraphs: { old, young },
  guards: {
    file: 'gateway/engine/plan/index.ts',
    line: 'const [chosen] = [...graphs].find(([, join]) => !join.isExternal && isChosen(join, labels)) ?? []',
    instead: 'const [chosen] = [...graphs.keys()]',
  },
  reset: () => {
    done.length = 0
  },
  cases: [
    {
      name: 'a mutation that moved runs at its new owner',
      operation: 'mutation { moved journal }',
      data: { moved: 1, journal: ['moved in young'] },
      asks: { young: 1 },
    },
    {
      name: 'one that moved by a hundred percent as well',
      operation: 'mutation { always journal }',
      data: { always: 1, journal: ['always in young'] },
    },
    {
      name: 'one that moved by zero percent runs where it was',
      operation: 'mutation { never journal }',
      data: { never: 1, journal: ['never in old'] },
    },
    {
      name: 'one after the other, wherever they run',
      operation: 'mutation { a: never b: always c: old d: moved e: never journal }',
      data: {
        ...{ a: 1, b: 2, c: 3, d: 4, e: 5 },
        journal: ['never in old', 'always in young', 'old', 'moved in young', 'never in old'],
      },
    },
    {
      name: 'twice in a row is twice',
      operation: 'mutation { x: moved y: moved journal }',
      data: { x: 1, y: 2, journal: ['moved in young', 'moved in young'] },
    },
  ],
})
