import { hazard } from '../harness/hazard.ts'
import * as links from './links.ts'
import * as nodes from './nodes.ts'

hazard({
  subgraphs: { nodes, links },
  guards: null,
  cases: [
    {
      name: 'a stub of an interface has its key',
      operation: '{ home { id } links { to { id } } }',
      data: { home: { id: 't' }, links: [{ to: { id: 'u' } }, { to: null }] },
      asks: { links: 1 },
    },
    {
      name: 'a stub gets its type from the subgraph that resolves it',
      operation: '{ home { __typename id } }',
      data: { home: { __typename: 'Team', id: 't' } },
    },
    {
      name: 'fields of implementations behind a stub',
      operation:
        '{ links { to { ... on User { name } ... on Team { size } } } home { ... on Team { size } } }',
      data: { links: [{ to: { name: 'Ada' } }, { to: null }], home: { size: 3 } },
    },
    {
      name: 'stubs in nested lists, with nulls',
      operation: '{ links { all { __typename ... on Team { size } } } }',
      data: { links: [{ all: [[{ __typename: 'Team', size: 3 }, null], []] }, { all: null }] },
    },
    {
      name: 'nobody is sent to the subgraph of the stub',
      operation: '{ nodes { id ... on User { name } } }',
      data: { nodes: [{ id: 'u', name: 'Ada' }, { id: 't' }] },
      asks: { nodes: 1 },
    },
  ],
})
