import { hazard } from '../harness/hazard.ts'
import * as badges from './badges.ts'
import * as mails from './mails.ts'
import * as people from './people.ts'

hazard({
  subgraphs: { people, badges, mails },
  guards: {
    file: 'gateway/engine/plan/jump.ts',
    line: 'openThrough(planning, place, { ...opening, home: { graph, as } })',
    instead: '',
  },
  cases: [
    {
      name: 'each subgraph is reached by the key that it has',
      operation: '{ users { badge unread } }',
      data: {
        users: [
          { badge: 'badge 1', unread: 13 },
          { badge: 'badge 2', unread: 13 },
        ],
      },
      asks: { people: 1, badges: 1, mails: 1 },
    },
    {
      name: 'two subgraphs without a common key are joined through the one that has both',
      operation: '{ writer { badge } }',
      data: { writer: { badge: 'badge 2' } },
      asks: { mails: 1, people: 1, badges: 1 },
    },
    {
      name: 'and the other way around, for a list',
      operation: '{ decorated { unread } }',
      data: { decorated: [{ unread: 13 }, { unread: 13 }] },
      asks: { badges: 1, people: 1, mails: 1 },
    },
    {
      name: 'the keys in between are shown when they are asked for',
      operation: '{ decorated { email badge unread id } }',
      data: {
        decorated: [
          { email: 'b@example.org', badge: 'badge 2', unread: 13, id: '2' },
          { email: 'a@example.org', badge: 'badge 1', unread: 13, id: '1' },
        ],
      },
    },
    {
      name: 'an entity that is missing in between is missing behind it, without an error',
      operation: '{ unknownWriter { unread name badge } }',
      data: { unknownWriter: { unread: 18, name: null, badge: null } },
    },
    {
      name: 'a key in between that may not be null voids the entity that has none',
      operation: '{ unknownWriter { unread id } }',
      data: { unknownWriter: null },
      errors: [
        {
          path: ['unknownWriter', 'id'],
          message: 'Cannot return null for non-nullable field User.id.',
        },
      ],
    },
  ],
})
