import { hazard } from '../harness/hazard.ts'
import { reset } from './data.ts'
import * as house from './house.ts'
import * as power from './power.ts'

hazard({
  subgraphs: { house, power },
  guards: {
    file: 'gateway/engine/plan/index.ts',
    line: 'return type ? [[type.name, kind] as const] : []',
    instead: 'return []',
  },
  reset,
  cases: [
    {
      name: 'the roots of all subgraphs are one',
      operation: '{ lamp { isOn watts } watts shared __typename }',
      data: { lamp: { isOn: false, watts: 40 }, watts: 60, shared: 1, __typename: 'Query' },
    },
    {
      name: 'mutations too',
      operation: 'mutation { __typename turn(on: true) { isOn watts house { name } } }',
      data: {
        __typename: 'Mutation',
        turn: { isOn: true, watts: 40, house: { name: 'Home' } },
      },
    },
    {
      name: 'and subscriptions',
      operation: 'subscription { turned { __typename watts id } }',
      events: [{ data: { turned: { __typename: 'Lamp', watts: 40, id: 'l1' } } }],
    },
    {
      name: 'fragments on the root use its common name',
      operation: '{ ...Root } fragment Root on Query { ... on Query { watts } lamp { watts } }',
      data: { watts: 60, lamp: { watts: 40 } },
    },
    {
      name: 'its name in a subgraph is unknown',
      operation: '{ ... on HouseQuery { shared } }',
      refusal: 'Unknown type "HouseQuery"',
    },
  ],
})
