import { hazard } from '../harness/hazard.ts'
import * as labels from './labels.ts'
import * as prices from './prices.ts'
import * as taxes from './taxes.ts'

hazard({
  subgraphs: { prices, taxes, labels },
  guards: { file: 'gateway/engine/plan/select.ts', line: 'supply(place, ask.key, source.fetch)' },
  cases: [
    {
      name: 'one step of the chain',
      operation: '{ items { gross } }',
      data: { items: [{ gross: 110 }, { gross: 210 }] },
      asks: { prices: 1, taxes: 1 },
    },
    {
      name: 'what is required requires something itself',
      operation: '{ items { label } }',
      data: { items: [{ label: 'costs 110' }, { label: 'costs 210' }] },
      asks: { prices: 1, taxes: 1, labels: 1 },
    },
    {
      name: 'the chain ends in the subgraph in which it began',
      operation: '{ items { tag } }',
      data: { items: [{ tag: '<costs 110>' }, { tag: '<costs 210>' }] },
      asks: { prices: 2, taxes: 1, labels: 1 },
    },
    {
      name: 'the chain begins at the other end',
      operation: '{ newest { tag } }',
      data: { newest: { tag: '<costs 210>' } },
    },
    {
      name: 'every step is shown, in the order asked for',
      operation: '{ items { tag label gross net } }',
      data: {
        items: [
          { tag: '<costs 110>', label: 'costs 110', gross: 110, net: 100 },
          { tag: '<costs 210>', label: 'costs 210', gross: 210, net: 200 },
        ],
      },
    },
    {
      name: 'names of the chain stand for other fields of it',
      operation: '{ newest { net: tag gross: net label: gross } }',
      data: { newest: { net: '<costs 210>', gross: 200, label: 210 } },
    },
  ],
})
