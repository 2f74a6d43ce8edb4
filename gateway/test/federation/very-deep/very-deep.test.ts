import { hazard } from '../harness/hazard.ts'
import * as chain from './chain.ts'
import { depth, joins, objectAround, textAround } from './data.ts'
import * as hops from './hops.ts'

const listsAround = (times: number, inner: unknown): unknown =>
  times === 0 ? inner : { many: [listsAround(times - 1, inner)] }

const both = (times: number, inner: string): string =>
  times === 0 ? inner : `next { hop { ${both(times - 1, inner)} } }`

const bothAround = (times: number, inner: unknown): unknown =>
  times === 0 ? inner : { next: { hop: bothAround(times - 1, inner) } }

hazard({
  subgraphs: { chain, hops },
  guards: {
    file: 'gateway/engine/project/index.ts',
    line: 'told.push(errorAt(error, [...path, ...inClientNames(field.shape, below)]))',
    instead: 'told.push(errorAt(error, below))',
  },
  cases: [
    {
      name: 'objects in objects in one subgraph',
      operation: `{ start { ${textAround(depth, 'n')} } }`,
      data: { start: objectAround(depth, { n: depth }) },
      asks: { chain: 1 },
    },
    {
      name: 'the entity at the very bottom goes on in the other subgraph',
      operation: `{ start { ${textAround(depth, 'weight')} } }`,
      data: { start: objectAround(depth, { weight: depth * 2 }) },
      asks: { chain: 1, hops: 1 },
    },
    {
      name: 'lists in lists, with an error that far down',
      operation: `{ start { ${textAround(13, 'weight n', 'many')} } }`,
      data: { start: listsAround(13, { weight: null, n: 13 }) },
      errors: [
        {
          path: ['start', ...Array.from({ length: 13 }, () => ['many', 0]).flat(), 'weight'],
          message: 'Unlucky.',
        },
      ],
    },
    {
      name: 'from one subgraph to the other and back, again and again',
      operation: `{ start { ${both(joins, 'n')} } }`,
      data: { start: bothAround(joins, { n: joins * 101 }) },
    },
    {
      name: 'fragments in fragments as deep as that',
      operation: `{ start { ${'... on Link { ... { '.repeat(depth)} weight ${'} }'.repeat(depth)} } }`,
      data: { start: { weight: 0 } },
    },
  ],
})
