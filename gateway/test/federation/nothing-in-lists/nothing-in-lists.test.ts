import { hazard } from '../harness/hazard.ts'
import * as clubs from './clubs.ts'
import * as stats from './stats.ts'
import * as texts from './texts.ts'

hazard({
  subgraphs: { clubs, stats, texts },
  guards: {
    file: 'gateway/engine/execute/index.ts',
    line: 'if (asked.every(({ representations }) => representations.length === 0)) return',
  },
  cases: [
    {
      name: 'an empty list of entities is empty, and the other subgraph is not asked',
      operation: '{ none { id size } }',
      data: { none: [] },
      asks: { clubs: 1 },
    },
    {
      name: 'empty, full of nulls, and null are three things',
      operation: '{ groups { members { age } size } }',
      data: {
        groups: [
          { members: [], size: 0 },
          { members: [null, null], size: 0 },
          { members: null, size: 0 },
        ],
      },
    },
    {
      name: 'in lists of lists too',
      operation: '{ nested { size members { id age } } nothing { size } }',
      data: { nested: [[], null, [null], [{ size: 0, members: [] }]], nothing: null },
    },
    {
      name: 'a list that holds nothing to join asks nobody',
      operation: '{ nothing { size } none { members { age } } }',
      data: { nothing: null, none: [] },
      asks: { clubs: 1 },
    },
    {
      name: 'zero, the empty text and false are keys',
      operation: '{ keyed { double said number } }',
      data: {
        keyed: [
          { double: 0, said: '"" false', number: 0 },
          { double: -2, said: '"0" true', number: -1 },
        ],
      },
    },
  ],
})
