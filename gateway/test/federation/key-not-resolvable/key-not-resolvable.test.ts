import { hazard } from '../harness/hazard.ts'
import * as archive from './archive.ts'
import * as authors from './authors.ts'
import * as posts from './posts.ts'

hazard({
  subgraphs: { archive, authors, posts },
  guards: {
    file: 'gateway/engine/plan/joins.ts',
    line: 'keys: keyed.filter(({ resolvable }) => resolvable !== false).map(setOf),',
    instead: 'keys: keyed.map(setOf),',
  },
  cases: [
    {
      name: 'a stub leads to the subgraph that resolves it',
      operation: '{ posts { text author { name } } }',
      data: {
        posts: [
          { text: 'One', author: { name: 'Ada' } },
          { text: 'Two', author: null },
          { text: 'Three', author: { name: 'Bob' } },
        ],
      },
      asks: { posts: 1, authors: 1 },
    },
    {
      name: 'the key of a stub is there without anybody else',
      operation: '{ posts { author { id __typename } } }',
      data: {
        posts: [
          { author: { id: '1', __typename: 'Author' } },
          { author: null },
          { author: { id: '2', __typename: 'Author' } },
        ],
      },
      asks: { posts: 1 },
    },
    {
      name: 'stubs in nested lists',
      operation: '{ posts { others { name } } }',
      data: {
        posts: [
          { others: [[{ name: 'Bob' }, { name: 'Ada' }]] },
          { others: null },
          { others: [[], null] },
        ],
      },
      asks: { posts: 1, authors: 1 },
    },
    {
      name: 'nobody is sent back to the subgraph that does not resolve',
      operation: '{ authors { id name } lead { name id } }',
      data: {
        authors: [
          { id: '1', name: 'Ada' },
          { id: '2', name: 'Bob' },
        ],
        lead: { name: 'Bob', id: '2' },
      },
    },
    {
      name: 'a field that only one of two subgraphs resolves by the key comes from that one',
      operation: '{ lead { nick } oldest { nick name } posts { author { nick } } }',
      data: {
        lead: { nick: 'nick 2' },
        oldest: { nick: 'nick 1', name: 'Ada' },
        posts: [{ author: { nick: 'nick 1' } }, { author: null }, { author: { nick: 'nick 2' } }],
      },
    },
    {
      name: 'stubs of two places are resolved in as many requests as there are depths',
      operation: '{ lead { name } posts { author { name } others { id } } }',
      data: {
        lead: { name: 'Bob' },
        posts: [
          { author: { name: 'Ada' }, others: [[{ id: '2' }, { id: '1' }]] },
          { author: null, others: null },
          { author: { name: 'Bob' }, others: [[], null] },
        ],
      },
    },
  ],
})
