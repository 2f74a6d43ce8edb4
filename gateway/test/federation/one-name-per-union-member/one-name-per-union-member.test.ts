import { hazard } from '../harness/hazard.ts'
import * as charts from './charts.ts'
import * as music from './music.ts'

// Source: GraphQL, September 2025, 5.3.2: fields of objects that cannot be one may share a name.
hazard({
  subgraphs: { music, charts },
  guards: {
    file: 'gateway/engine/project/shape.ts',
    line: '} else if (isWithin(deps.schema, at.concrete ?? at.type, selection.type))',
    instead: '} else',
  },
  cases: [
    {
      name: 'different fields of one type of value',
      operation: '{ search { ... on Song { n: seconds } ... on Album { n: tracks } } }',
      data: { search: [{ n: 200 }, { n: 12 }, {}] },
    },
    {
      name: 'one field with different arguments for each member',
      operation: `{
        search { ... on Song { rank(in: "DE") } ... on Album { rank } }
      }`,
      data: { search: [{ rank: 's in DE' }, { rank: 'a in CH' }, {}] },
    },
    {
      name: 'arguments out of different variables',
      operation: `query ($a: String!, $b: String = "AT") {
        search {
          ... on Album { rank: rank(in: $b) }
          ... on Song { rank: rank(in: $a) n: seconds(unit: "ms") }
        }
      }`,
      variables: { a: 'FR' },
      data: { search: [{ rank: 's in FR', n: 200_000 }, { rank: 'a in AT' }, {}] },
    },
    {
      name: 'objects under one name, each with what was asked of it',
      operation: `{
        search {
          ... on Song { picture: cover { url(size: 2) } }
          ... on Album { picture: sleeve { url(size: 3) alt } }
        }
      }`,
      data: {
        search: [{ picture: { url: '/s@2' } }, { picture: { url: '/a@3', alt: 'alt a' } }, {}],
      },
    },
    {
      name: 'a key’s name for something else on one member only',
      operation: `{
        search {
          ... on Song { id: rank } ... on Album { id } ... on Artist { id: name }
        }
      }`,
      refusal: 'conflict',
    },
    {
      name: 'a key’s name for a field of the same type on each member',
      operation: `{
        search {
          ... on Song { rank: rank id: rank(in: "IT") } ... on Artist { id: name rank: name }
        }
      }`,
      data: { search: [{ rank: 's in CH', id: 's in IT' }, {}, { id: 'Nina', rank: 'Nina' }] },
    },
    {
      name: 'one name for two shapes is refused',
      operation: '{ search { ... on Song { n: seconds } ... on Artist { n: name } } }',
      refusal: 'conflict',
    },
  ],
})
