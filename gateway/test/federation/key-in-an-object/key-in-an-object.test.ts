import { hazard } from '../harness/hazard.ts'
import * as bank from './bank.ts'
import * as limits from './limits.ts'

hazard({
  subgraphs: { bank, limits },
  guards: {
    file: 'gateway/engine/plan/ask.ts',
    line: 'sub: below ? asksFrom(graph, node.selectionSet, namedTypeOf(field.type)) : null,',
    instead: 'sub: null,',
  },
  cases: [
    {
      name: 'entities that differ only deep in their key are not the same',
      operation: '{ accounts { limit balance } }',
      data: {
        accounts: [
          { limit: '1 of x', balance: 10 },
          { limit: '1 of y', balance: 20 },
        ],
      },
      asks: { bank: 1, limits: 1 },
    },
    {
      name: 'of the object in the key only what was asked for is shown',
      operation: '{ accounts { owner { name } limit } }',
      data: {
        accounts: [
          { owner: { name: 'Xenia' }, limit: '1 of x' },
          { owner: { name: 'Yves' }, limit: '1 of y' },
        ],
      },
    },
    {
      name: 'the object of the key is shown under another name',
      operation: '{ accounts { o: owner { org { c: code } } owner { org { __typename } } limit } }',
      data: {
        accounts: [
          { o: { org: { c: 'x' } }, owner: { org: { __typename: 'Org' } }, limit: '1 of x' },
          { o: { org: { c: 'y' } }, owner: { org: { __typename: 'Org' } }, limit: '1 of y' },
        ],
      },
    },
    {
      name: 'another field stands under the name of the object in the key',
      operation: '{ accounts { owner: balance id: limit } }',
      data: {
        accounts: [
          { owner: 10, id: '1 of x' },
          { owner: 20, id: '1 of y' },
        ],
      },
    },
    {
      name: 'the way back',
      operation: '{ watched { balance owner { name } } }',
      data: { watched: [{ balance: 20, owner: { name: 'Yves' } }, null] },
    },
  ],
})
