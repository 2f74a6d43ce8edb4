import { hazard } from '../harness/hazard.ts'
import * as friends from './friends.ts'
import * as people from './people.ts'

hazard({
  subgraphs: { people, friends },
  guards: {
    file: 'gateway/engine/plan/requests.ts',
    line: 'after: [...new Set(indexes.filter((index) => index >= 0))],',
    instead: 'after: [],',
  },
  cases: [
    {
      name: 'there and back, and there and back again',
      operation: '{ person(id: "1") { best { name best { name best { name } } } } }',
      data: {
        person: {
          best: { name: 'person 2', best: { name: 'person 3', best: { name: 'person 1' } } },
        },
      },
    },
    {
      name: 'a path through one subgraph asks the other one once',
      operation: '{ person(id: "1") { best { best { best { id } } } } }',
      data: { person: { best: { best: { best: { id: '1' } } } } },
      asks: { people: 1, friends: 1 },
    },
    {
      name: 'entities of two types on one path',
      operation:
        '{ person(id: "1") { best { account { balance holder { name best { account { no } } } } } } }',
      data: {
        person: {
          best: {
            account: {
              balance: 50,
              holder: { name: 'person 2', best: { account: { no: 'a3' } } },
            },
          },
        },
      },
    },
    {
      name: 'lists of lists of entities, each level in the other subgraph',
      operation: '{ people { all(first: 2) { name all { name } } } }',
      data: {
        people: [
          {
            all: [
              { name: 'person 2', all: [{ name: 'person 3' }] },
              { name: 'person 3', all: [{ name: 'person 1' }] },
            ],
          },
          {
            all: [
              { name: 'person 3', all: [{ name: 'person 1' }] },
              { name: 'person 1', all: [{ name: 'person 2' }] },
            ],
          },
          {
            all: [
              { name: 'person 1', all: [{ name: 'person 2' }] },
              { name: 'person 2', all: [{ name: 'person 3' }] },
            ],
          },
        ],
      },
    },
    {
      name: 'one selection by a fragment at every depth',
      operation: `
        { person(id: "2") { ...Card best { ...Card best { ...Card } } } }
        fragment Card on Person { n: name account { balance } }
      `,
      data: {
        person: {
          n: 'person 2',
          account: { balance: 50 },
          best: {
            n: 'person 3',
            account: { balance: 51 },
            best: { n: 'person 1', account: { balance: 49 } },
          },
        },
      },
    },
  ],
})
