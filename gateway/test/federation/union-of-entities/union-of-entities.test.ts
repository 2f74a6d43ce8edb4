import { hazard } from '../harness/hazard.ts'
import * as music from './music.ts'
import * as search from './search.ts'

hazard({
  subgraphs: { search, music },
  guards: {
    file: 'gateway/engine/plan/requests.ts',
    line: 'const isOne = texts.size === 1',
    instead: 'const isOne = true',
  },
  cases: [
    {
      name: 'members with different keys are completed in one request',
      operation: `{ search {
        __typename
        ... on Song { name } ... on Artist { name } ... on Label { name signed { name } }
      } }`,
      data: {
        search: [
          { __typename: 'Song', name: 'song s1' },
          { __typename: 'Artist', name: 'artist a1' },
          { __typename: 'Song', name: 'song s2' },
          { __typename: 'Label', name: 'l1 of CH', signed: [{ name: 'artist a1' }] },
          null,
        ],
      },
      asks: { search: 1, music: 1 },
    },
    {
      name: 'a fragment on an interface that only the other subgraph has',
      operation: '{ search { ... on Named { name } ... on Song { isrc } } }',
      data: {
        search: [
          { name: 'song s1', isrc: 's1' },
          { name: 'artist a1' },
          { name: 'song s2', isrc: 's2' },
          { name: 'l1 of CH' },
          null,
        ],
      },
    },
    {
      name: 'members in nested lists, one of them without a fragment',
      operation: '{ pages { ... on Song { by { name } } ... on Artist { plays(per: 2) } } }',
      data: {
        pages: [
          [{ by: { name: 'artist a2' } }, { plays: 200 }],
          [],
          [{ by: { name: 'artist a2' } }, {}],
        ],
      },
    },
    {
      name: 'two fields of one object ask different things of the same member',
      operation: `{ response {
        hit { ... on Song { n: name } ... on Artist { n: name } }
        other { ... on Artist { n: plays(per: 1) p: plays(per: 3) } }
      } }`,
      data: { response: { hit: { n: 'song s1' }, other: { n: 100, p: 300 } } },
    },
    {
      name: 'one of two fields of a composite key is shown',
      operation: '{ best { ... on Label { country name } } }',
      data: { best: { country: 'CH', name: 'l1 of CH' } },
    },
  ],
})
