import { hazard } from '../harness/hazard.ts'
import { names } from './data.ts'
import * as digit from './digit.ts'
import * as dotted from './dotted.ts'
import * as shouted from './shouted.ts'
import * as underscored from './underscored.ts'

hazard({
  subgraphs: {
    [names[0]]: dotted,
    [names[1]]: underscored,
    [names[2]]: digit,
    [names[3]]: shouted,
  },
  guards: {
    file: 'gateway/engine/compiled.ts',
    line: 'const nameOf = (graph: string) => subgraphNames.get(graph) ?? graph',
    instead: 'const nameOf = (graph: string) => [...transports.keys()][0] ?? graph',
  },
  cases: [
    {
      name: 'each of them is asked for what is its own',
      operation: '{ dotted { id } underscored { id } digit shouted constant }',
      data: {
        dotted: { id: '1' },
        underscored: { id: '2' },
        digit: 2,
        shouted: 3,
        constant: 'dotted',
      },
      asks: { 'my-shop.v2': 1, my_shop_v2: 1, '2-fast': 1, 'MY-SHOP.V2': 1 },
    },
    {
      name: 'an entity goes from each to each',
      operation: `{
        dotted { dottedSays underscoredSays digitSays shoutedSays }
        underscored { shoutedSays digitSays underscoredSays dottedSays }
      }`,
      data: {
        dotted: {
          dottedSays: 'dotted',
          underscoredSays: 'underscored',
          digitSays: 'digit',
          shoutedSays: 'shouted',
        },
        underscored: {
          shoutedSays: 'shouted',
          digitSays: 'digit',
          underscoredSays: 'underscored',
          dottedSays: 'dotted',
        },
      },
    },
    {
      name: 'mutations find theirs',
      operation: 'mutation { second first again: second }',
      data: { second: 'underscored', first: 'dotted', again: 'underscored' },
    },
    {
      name: 'one that needs only itself is asked alone',
      operation: '{ dotted { dottedSays } }',
      data: { dotted: { dottedSays: 'dotted' } },
      asks: { 'my-shop.v2': 1 },
    },
  ],
})
