import { hazard } from '../harness/hazard.ts'
import * as register from './register.ts'
import * as stable from './stable.ts'

// Source: GraphQL, 3.7: the field of an implementation may return a part of what the interface's
// field returns.
hazard({
  subgraphs: { stable, register },
  guards: {
    file: 'gateway/engine/plan/ask.ts',
    line: 'return [{ ...first, sub: same.flatMap(({ sub }) => sub ?? []) }]',
    instead: 'return [first]',
  },
  cases: [
    {
      name: 'the field of the interface, with members behind it',
      operation: '{ animals { owner { ... on Person { name } ... on Club { name } } } }',
      data: { animals: [{ owner: { name: 'person p1' } }, { owner: { name: 'club c1' } }] },
      asks: { stable: 1, register: 1 },
    },
    {
      name: 'the field of one implementation returns one member for sure',
      operation: '{ animals { ... on Dog { owner { name } } } }',
      data: { animals: [{ owner: { name: 'person p1' } }, {}] },
      asks: { stable: 1, register: 1 },
    },
    {
      name: 'the field of the interface and that of an implementation are one field',
      operation: '{ animals { owner { id } ... on Dog { owner { name } } } }',
      data: { animals: [{ owner: { id: 'p1', name: 'person p1' } }, { owner: { id: 'c1' } }] },
    },
    {
      name: 'in the other order, with another fragment inside',
      operation: `{ animals {
        ... on Dog { owner { name __typename } } owner { ... on Club { members { name } } id }
      } }`,
      data: {
        animals: [
          { owner: { name: 'person p1', __typename: 'Person', id: 'p1' } },
          { owner: { members: [{ name: 'person p1' }, null], id: 'c1' } },
        ],
      },
    },
    {
      name: 'under two names on two implementations',
      operation: `{ animals {
        ... on Dog { boss: owner { n: name } }
        ... on Horse { keeper: owner { ... on Club { n: name } } }
      } }`,
      data: { animals: [{ boss: { n: 'person p1' } }, { keeper: { n: 'club c1' } }] },
    },
  ],
})
