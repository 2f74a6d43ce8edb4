import { hazard } from '../harness/hazard.ts'
import * as first from './first.ts'
import * as second from './second.ts'

// Objects without a key that two subgraphs build: the only way to a field is from the root.
hazard({
  subgraphs: { first, second },
  guards: {
    file: 'gateway/engine/plan/jump.ts',
    line: 'left = [...others, ...ask(planning, place, { home, way, asks: chosen, roots })]',
    instead: 'ask(planning, place, { home, way, asks: chosen, roots }); left = others',
  },
  cases: [
    {
      name: 'an object without a key is put together from both subgraphs',
      operation: '{ viewer { email name } }',
      data: { viewer: { email: 'ada@example.org', name: 'Ada' } },
      asks: { first: 1, second: 1 },
    },
    {
      name: 'and so is an object inside it',
      operation: '{ viewer { theme { font colour ratio } } }',
      data: { viewer: { theme: { font: 'Inter', colour: 'blue', ratio: 2 } } },
    },
    {
      name: 'one subgraph is enough when it has everything',
      operation: '{ settings { both b } }',
      data: { settings: { both: 3, b: 2 } },
      asks: { second: 1 },
    },
    {
      name: 'under two names, each is put together for itself',
      operation: '{ x: viewer { name theme { font } } y: viewer { email theme { colour } } }',
      data: {
        x: { name: 'Ada', theme: { font: 'Inter' } },
        y: { email: 'ada@example.org', theme: { colour: 'blue' } },
      },
    },
    {
      name: 'inside, names are swapped',
      operation: '{ settings { b: a a: b both __typename } }',
      data: { settings: { b: 1, a: 2, both: 3, __typename: 'Settings' } },
    },
  ],
})
