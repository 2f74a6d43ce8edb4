import { hazard } from '../harness/hazard.ts'
import * as guides from './guides.ts'
import * as rails from './rails.ts'

hazard({
  subgraphs: { rails, guides },
  guards: {
    file: 'gateway/engine/prepare/keys.ts',
    line: 'const texts = args.map((argument) => print(argument)).sort()',
    instead: 'const texts = args.map(({ name }) => name.value).sort()',
  },
  cases: [
    {
      name: 'one field of an entity several times with different arguments',
      operation: `query ($n: Int!) {
        trips { a: guide b: guide(first: 2) c: guide(first: $n) }
      }`,
      variables: { n: 3 },
      data: {
        trips: [
          { a: '1 {"first":1}', b: '1 {"first":2}', c: '1 {"first":3}' },
          { a: '2 {"first":1}', b: '2 {"first":2}', c: '2 {"first":3}' },
        ],
      },
    },
    {
      name: 'one variable in the requests of both subgraphs',
      operation: `query ($lang: String!, $first: Int) {
        trips(first: $first) { note(lang: $lang) guide(wish: { lang: $lang }, first: $first) }
        label(of: $lang)
      }`,
      variables: { lang: 'fr', first: 1 },
      data: {
        trips: [{ note: 'note in fr', guide: '1 {"wish":{"lang":"fr"},"first":1}' }],
        label: 'label of fr',
      },
    },
    {
      name: 'a shared field with different arguments at places of different subgraphs',
      operation: `{
        trips { note(lang: "it") }
        guided { note de: note(lang: "de") legs(from: "Rom") { to } }
      }`,
      data: {
        trips: [{ note: 'note in it' }, { note: 'note in it' }],
        guided: [{ note: 'note in de', de: 'note in de', legs: [{ to: 'Bern' }] }],
      },
    },
    {
      name: 'a variable deep inside lists and objects of an argument',
      operation: `query ($tag: String!, $min: Int = 4) {
        guided { guide(wish: { tags: ["a", $tag], min: $min }) }
      }`,
      variables: { tag: 'b' },
      data: { guided: [{ guide: '2 {"wish":{"min":4,"tags":["a","b"]},"first":1}' }] },
    },
    {
      name: 'arguments below an entity that a third request brings back',
      operation: `query ($class: Int!) {
        guided { next(steps: -1) { legs { fare(class: $class) cheap: fare } guide(first: 0) } }
      }`,
      variables: { class: 1 },
      data: {
        guided: [{ next: { legs: [{ fare: 100, cheap: 200 }], guide: '1 {"first":0}' } }],
      },
    },
    {
      name: 'two lists of one entity, each cut by its own argument',
      operation:
        '{ trips { rom: legs(from: "Rom") { to } all: legs { to } none: legs(from: "") { to } } }',
      data: {
        trips: [
          { rom: [], all: [{ to: 'Rom' }], none: [] },
          { rom: [{ to: 'Bern' }], all: [{ to: 'Bern' }, { to: 'Basel' }], none: [] },
        ],
      },
    },
  ],
})
