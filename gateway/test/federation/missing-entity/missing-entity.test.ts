import { hazard } from '../harness/hazard.ts'
import * as profiles from './profiles.ts'
import * as users from './users.ts'

const message = 'Cannot return null for non-nullable field User.nick.'

// Source: GraphQL, September 2025, 6.4.4: a null that is not allowed goes up to where one is.
hazard({
  subgraphs: { users, profiles },
  guards: {
    file: 'gateway/engine/project/index.ts',
    line: 'return items.includes(unholdable) ? unholdable : items',
    instead: 'return items',
  },
  cases: [
    {
      name: 'an optional field of an entity that is missing is null, and no error',
      operation: '{ all { since level } optional(id: "2") { level id } }',
      data: {
        all: [
          { since: 2000, level: 3 },
          { since: 2000, level: null },
        ],
        optional: { level: null, id: '2' },
      },
    },
    {
      name: 'a mandatory field of it voids the optional object, with an error at the field',
      operation: '{ optional(id: "2") { id nick } }',
      data: { optional: null },
      errors: [{ path: ['optional', 'nick'], message }],
    },
    {
      name: 'a mandatory root voids the whole answer',
      operation: '{ first: optional(id: "1") { nick } mandatory(id: "2") { id name: nick } }',
      data: null,
      errors: [{ path: ['mandatory', 'name'], message }],
    },
    {
      name: 'an item that may be null is null alone',
      operation: '{ some { nick since } }',
      data: { some: [{ nick: 'ada', since: 2000 }, null] },
      errors: [{ path: ['some', 1, 'nick'], message }],
    },
    {
      name: 'an item that may not be null voids an optional list',
      operation: '{ whole { nick } some { id } }',
      data: { whole: null, some: [{ id: '1' }, { id: '2' }] },
      errors: [{ path: ['whole', 1, 'nick'], message }],
    },
    {
      name: 'an item that may not be null voids a mandatory list, and with it everything',
      operation: '{ optional(id: "1") { id } all { nick } }',
      data: null,
      errors: [{ path: ['all', 1, 'nick'], message }],
    },
    {
      name: 'a null goes up two levels, through objects that may not be null',
      operation: '{ wrapped { note inner { user { nick } } } }',
      data: { wrapped: null },
      errors: [{ path: ['wrapped', 'inner', 'user', 'nick'], message }],
    },
    {
      name: 'a null goes up in the one list of lists in which it stands',
      operation: '{ nested { n: nick } }',
      data: { nested: [[{ n: 'ada' }], null, null] },
      errors: [{ path: ['nested', 1, 1, 'n'], message }],
    },
    {
      name: 'a mandatory object of it has the error at the object, not in it',
      operation: '{ some { address { city } } }',
      data: { some: [{ address: { city: 'Bern' } }, null] },
      errors: [
        {
          path: ['some', 1, 'address'],
          message: 'Cannot return null for non-nullable field User.address.',
        },
      ],
    },
  ],
})
