import { hazard } from '../harness/hazard.ts'
import * as stats from './stats.ts'
import * as web from './web.ts'

hazard({
  subgraphs: { web, stats },
  guards: {
    file: 'gateway/engine/project/shape.ts',
    line: '} else if (isWithin(deps.schema, at.concrete ?? at.type, selection.type))',
    instead: '} else',
  },
  cases: [
    {
      name: 'a fragment on an interface takes the types that implement it',
      operation: '{ nodes { id ... on Resource { url } } }',
      data: { nodes: [{ id: 'p', url: '/p' }, { id: 'n' }, { id: 'q', url: '/q' }] },
      asks: { web: 1 },
    },
    {
      name: 'a fragment on an interface of another subgraph takes the types that implement it there',
      operation: '{ nodes { ... on Counted { views } id } }',
      data: { nodes: [{ views: 10, id: 'p' }, { views: 20, id: 'n' }, { id: 'q' }] },
      asks: { web: 1, stats: 1 },
    },
    {
      name: 'a fragment inside a fragment takes what is in both',
      operation: '{ nodes { ... on Resource { ... on Counted { views } url } } }',
      data: { nodes: [{ views: 10, url: '/p' }, {}, { url: '/q' }] },
    },
    {
      name: 'a fragment on an interface inside a union',
      operation:
        '{ links { ... on Node { id } ... on Counted { views } ... on Resource { url } } }',
      data: {
        links: [
          { id: 'n', views: 20 },
          { id: 'p', views: 10, url: '/p' },
        ],
      },
    },
    {
      name: 'interfaces and types, one inside the other in both directions',
      operation:
        '{ resources { ... on Node { ... on Photo { width __typename } ... on Page { views } } } }',
      data: { resources: [{ width: 3, __typename: 'Photo' }, { views: 10 }] },
    },
  ],
})
