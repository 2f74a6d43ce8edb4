import { hazard } from '../harness/hazard.ts'
import * as accounts from './accounts.ts'
import * as mails from './mails.ts'
import * as points from './points.ts'

hazard({
  subgraphs: { accounts, points, mails },
  guards: {
    file: 'gateway/engine/prepare/variables.ts',
    line: 'taken.has(name) ? freeName(taken, `_\u0024{name}`) : name',
    instead: 'name',
  },
  cases: [
    {
      name: 'another field under the name of a key',
      operation: '{ users { id: name points } }',
      data: {
        users: [
          { id: 'Ada', points: 10 },
          { id: 'Bob', points: 20 },
        ],
      },
    },
    {
      name: 'a field of the other subgraph under the name of the key that leads there',
      operation: '{ users { id: points email: unread } }',
      data: {
        users: [
          { id: 10, email: 15 },
          { id: 20, email: 15 },
        ],
      },
    },
    {
      name: 'the key under other names, and other fields under its name',
      operation: '{ users { email: id id: email name: points points: name unread } }',
      data: {
        users: [
          { email: '1', id: 'ada@example.org', name: 10, points: 'Ada', unread: 15 },
          { email: '2', id: 'bob@example.org', name: 20, points: 'Bob', unread: 15 },
        ],
      },
    },
    {
      name: 'another field under the name of what @requires needs',
      operation: '{ users { name: id badge } }',
      data: {
        users: [
          { name: '1', badge: 'badge of Ada' },
          { name: '2', badge: 'badge of Bob' },
        ],
      },
    },
    {
      name: 'through an entity and back, each with its own names',
      operation: '{ best { id: badge name: friend { id: name name: id friend { id: unread } } } }',
      data: {
        best: {
          id: 'badge of Bob',
          name: { id: 'Ada', name: '1', friend: { id: 15 } },
        },
      },
    },
    {
      name: 'an alias that is called as the root field of another subgraph',
      operation: '{ best: users { id } users: best { name } mails: __typename }',
      data: { best: [{ id: '1' }, { id: '2' }], users: { name: 'Bob' }, mails: 'Query' },
    },
    {
      name: 'names that an engine may take for its own',
      operation:
        '{ users { _e0: id _0: name representations: points _entities: unread data: badge } }',
      data: {
        users: [
          { _e0: '1', _0: 'Ada', representations: 10, _entities: 15, data: 'badge of Ada' },
          { _e0: '2', _0: 'Bob', representations: 20, _entities: 15, data: 'badge of Bob' },
        ],
      },
    },
    {
      name: 'variables that are called as those of the engine',
      operation: `query ($representations: Int!, $_r0: Int = 1, $_representations: Int!) {
        users { name points ranked(from: $_r0, to: $representations) }
        best { ranked(from: $_representations, to: $representations) }
        mails
      }`,
      variables: { representations: 3, _representations: 4 },
      data: {
        users: [
          { name: 'Ada', points: 10, ranked: '1 from 1 to 3' },
          { name: 'Bob', points: 20, ranked: '2 from 1 to 3' },
        ],
        best: { ranked: '2 from 4 to 3' },
        mails: 3,
      },
    },
  ],
})
