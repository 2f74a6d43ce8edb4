import { hazard } from '../harness/hazard.ts'
import * as agenda from './agenda.ts'
import * as guests from './guests.ts'
import * as rooms from './rooms.ts'

hazard({
  subgraphs: { agenda, rooms, guests },
  guards: {
    file: 'gateway/engine/plan/jump.ts',
    line: 'for (const fetch of [...origins, source.fetch]) member.origins.add(fetch)',
  },
  cases: [
    {
      name: 'two subgraphs add to every implementation',
      operation: '{ events { guests { name } room { name } id } }',
      data: {
        events: [
          { guests: [{ name: 'guest of t' }], room: { name: 'Hall' }, id: 't' },
          { guests: [{ name: 'guest of m' }], room: { name: 'Hall' }, id: 'm' },
        ],
      },
    },
    {
      name: 'from one interface object to the other, without the interface between them',
      operation: '{ rooms { events { id guests { name } } } }',
      data: {
        rooms: [
          {
            events: [
              { id: 'm', guests: [{ name: 'guest of m' }] },
              { id: 't', guests: [{ name: 'guest of t' }] },
            ],
          },
        ],
      },
    },
    {
      name: 'and with the types of all of them',
      operation: '{ rooms { events { __typename guests { at { __typename room { name } } } } } }',
      data: {
        rooms: [
          {
            events: [
              {
                __typename: 'Meal',
                guests: [{ at: { __typename: 'Meal', room: { name: 'Hall' } } }],
              },
              {
                __typename: 'Talk',
                guests: [{ at: { __typename: 'Talk', room: { name: 'Hall' } } }],
              },
            ],
          },
        ],
      },
    },
    {
      name: 'fields of implementations behind two interface objects',
      operation:
        '{ rooms { events { guests { at { ... on Talk { speaker } ... on Meal { dish } } } } } }',
      data: {
        rooms: [
          {
            events: [
              { guests: [{ at: { dish: 'Soup' } }] },
              { guests: [{ at: { speaker: 'Ada' } }] },
            ],
          },
        ],
      },
    },
    {
      name: 'in a fragment of one implementation, what two interface objects add',
      operation: '{ rooms { events { ... on Meal { guests { name } room { name } dish } } } }',
      data: {
        rooms: [
          {
            events: [
              { guests: [{ name: 'guest of m' }], room: { name: 'Hall' }, dish: 'Soup' },
              {},
            ],
          },
        ],
      },
    },
  ],
})
