import { hazard } from '../harness/hazard.ts'
import * as garden from './garden.ts'
import * as house from './house.ts'

hazard({
  subgraphs: { house, garden },
  guards: {
    file: 'gateway/engine/plan/joins.ts',
    line: 'return rows.some((row) => graphOf(row) === graph && row.interface === name)',
    instead: 'return rows.some((row) => row.interface === name)',
  },
  cases: [
    {
      name: 'each object has the fields of its own type, wherever they come from',
      operation: `{ animals {
        id name ... on Dog { age } ... on Bird { wings } ... on Cat { lives }
      } }`,
      data: {
        animals: [
          { id: 'd1', name: 'Rex', age: 3 },
          { id: 'c1', name: 'Tom', lives: 9 },
        ],
      },
      asks: { house: 1, garden: 1 },
    },
    {
      name: 'a field that the interface lacks in one subgraph is found for each implementation',
      operation: '{ herd { name } }',
      data: { herd: [{ name: 'Rex' }, null, { name: 'Tweety' }] },
      asks: { garden: 1, house: 1 },
    },
    {
      name: 'a fragment on the interface itself changes nothing but the order of keys',
      operation: '{ herd { __typename ... on Animal { name } id } }',
      data: {
        herd: [
          { __typename: 'Dog', name: 'Rex', id: 'd1' },
          null,
          { __typename: 'Bird', name: 'Tweety', id: 'b1' },
        ],
      },
    },
    {
      name: 'a fragment on an implementation that the subgraph does not know matches nothing',
      operation: '{ first { ... on Bird { wings } id } winged { ... on Cat { lives } id } }',
      data: { first: { id: 'c1' }, winged: { id: 'b1' } },
      asks: { house: 1, garden: 1 },
    },
    {
      name: 'one field has two names in the fragments of two types',
      operation: `{ herd {
        ... on Dog { age dog: name } ... on Bird { bird: name wings }
      } }`,
      data: {
        herd: [{ age: 3, dog: 'Rex' }, null, { bird: 'Tweety', wings: 2 }],
      },
    },
    {
      name: 'one name is two fields in the fragments of two types',
      operation: '{ herd { ... on Dog { size: age } ... on Bird { size: wings } } }',
      data: { herd: [{ size: 3 }, null, { size: 2 }] },
    },
  ],
})
