import { hazard } from '../harness/hazard.ts'
import * as chat from './chat.ts'
import { visits } from './data.ts'
import * as people from './people.ts'

hazard({
  subgraphs: { chat, people },
  guards: {
    file: 'gateway/engine/execute/index.ts',
    line: 'await inOrder(running.steps, (step) => (step === first ? done : runStep(running, merged, step)))',
    instead: 'await done',
  },
  reset: () => visits.clear(),
  cases: [
    {
      name: 'each event goes on in the other subgraph, from nothing',
      operation: 'subscription { said(room: "r") { text note author { id visits } } }',
      events: [
        { data: { said: { text: 'r one', note: 'first', author: { id: 'a', visits: 1 } } } },
        { data: { said: { text: 'r two', note: null, author: { id: 'a', visits: 2 } } } },
        { data: { said: { text: 'r three', note: null, author: null } } },
      ],
    },
    {
      name: 'lists of entities, empty ones too',
      operation: 'subscription { said(room: "r") { readers { name id } } }',
      events: [
        {
          data: {
            said: {
              readers: [
                { name: 'b', id: 'b' },
                { name: 'a', id: 'a' },
              ],
            },
          },
        },
        { data: { said: { readers: [] } } },
        { data: { said: { readers: [{ name: 'a', id: 'a' }] } } },
      ],
    },
    {
      name: 'variables, aliases, fragments and conditions hold for every event',
      operation: `subscription ($times: Int!, $long: Boolean!, $no: Boolean!) {
        heard: shouted(times: $times) {
          ...Person
          id: name @include(if: $no)
          friend { who: name(long: $long) }
        }
      }
      fragment Person on Person { who: name(long: $long) visits @skip(if: $no) }`,
      variables: { times: 2, long: true, no: false },
      events: [
        {
          data: {
            heard: { who: 'name of s1', visits: 1, friend: { who: 'name of friend-of-s1' } },
          },
        },
        {
          data: {
            heard: { who: 'name of s2', visits: 1, friend: { who: 'name of friend-of-s2' } },
          },
        },
      ],
    },
    {
      name: 'type names need nobody else',
      operation: 'subscription { shouted(times: 1) { __typename } }',
      events: [{ data: { shouted: { __typename: 'Person' } } }],
      asks: { chat: 1 },
    },
    {
      name: 'no event, no answer',
      operation: 'subscription { shouted(times: 0) { name } }',
      events: [],
    },
    {
      name: 'two root fields are refused',
      operation: 'subscription { shouted { id } said(room: "r") { text } }',
      refusal: 'must select only one top level field',
    },
    {
      name: 'a wrong variable is an error, and nobody is subscribed',
      operation: 'subscription ($times: Int!) { shouted(times: $times) { id } }',
      variables: { times: 'x' },
      errors: [
        {
          path: null,
          message:
            'Variable "$times" got invalid value "x"; Int cannot represent non-integer value: "x"',
        },
      ],
      asks: {},
    },
  ],
})
