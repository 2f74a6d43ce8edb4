import { hazard } from '../harness/hazard.ts'
import * as critics from './critics.ts'
import * as library from './library.ts'

const because =
  'GraphQL, September 2025, 3.11: If a list’s item type is nullable, then errors occurring during ' +
  'preparation or coercion of an individual item in the list must result in the value null at ' +
  'that position in the list along with an execution error added to the response.'

hazard({
  subgraphs: { library, critics },
  guards: {
    file: 'gateway/engine/project/shape.ts',
    line: 'if (!isObjectType(other)) return false',
    instead: 'if (!isObjectType(other)) return true',
  },
  cases: [
    {
      name: 'an object of a type that nobody may see is null, with an error at its place',
      operation: '{ found { ... on Book { title stars } } }',
      data: { found: [{ title: 'Emma', stars: 5 }, null] },
      errors: [{ path: ['found', 1] }],
      differs: { stitched: { data: { found: null }, errors: [{ path: ['found'] }] }, because },
    },
    {
      name: 'its name is not told either',
      operation: '{ found { __typename } one { type: __typename } critics }',
      data: { found: [{ __typename: 'Book' }, null], one: null, critics: 3 },
      errors: [{ path: ['found', 1] }, { path: ['one'] }],
      differs: {
        stitched: {
          data: { found: null, one: null, critics: 3 },
          errors: [{ path: ['found'] }, { path: ['one'] }],
        },
        because,
      },
    },
    {
      name: 'behind an interface it is null, though every field is the interface’s own',
      operation: '{ media { id title } }',
      data: { media: [{ id: '1', title: 'Emma' }, null] },
      errors: [{ path: ['media', 1] }],
      differs: { stitched: { data: { media: null }, errors: [{ path: ['media'] }] }, because },
    },
    {
      name: 'where null may not stand it takes the list, and here the answer',
      operation: '{ strict { ... on Book { id } } critics }',
      data: null,
      errors: [{ path: ['strict', 1] }],
      differs: { stitched: { data: null, errors: [{ path: ['strict'] }] }, because },
    },
    {
      name: 'a fragment on it is refused',
      operation: '{ found { ... on Draft { title } } }',
      refusal: 'Unknown type "Draft"',
    },
    {
      name: 'a fragment on an interface that nobody may see is refused',
      operation: '{ book { ...Hidden } } fragment Hidden on Internal { id }',
      refusal: 'Unknown type "Internal"',
    },
    {
      name: 'introspection shows neither',
      operation: `{
        draft: __type(name: "Draft") { name }
        internal: __type(name: "Internal") { name }
        found: __type(name: "Found") { possibleTypes { name } }
        media: __type(name: "Media") { possibleTypes { name } }
        book: __type(name: "Book") { interfaces { name } }
      }`,
      data: {
        draft: null,
        internal: null,
        found: { possibleTypes: [{ name: 'Book' }] },
        media: { possibleTypes: [{ name: 'Book' }] },
        book: { interfaces: [{ name: 'Media' }] },
      },
    },
  ],
})
