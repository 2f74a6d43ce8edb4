import { hazard } from '../harness/hazard.ts'
import { numbers } from './data.ts'
import * as field from './field.ts'
import * as scale from './scale.ts'

const hundred = Array.from({ length: 100 }, (_, index) => index)

hazard({
  subgraphs: { field, scale },
  guards: {
    file: 'gateway/engine/plan/requests.ts',
    line: 'const isAlone = !fetch.isEntity',
    instead: "const isAlone = fetch.graph !== 'never'",
  },
  cases: [
    {
      name: 'ten thousand entities are one request',
      operation: '{ stones { n weight } }',
      data: { stones: numbers.map((n) => ({ n, weight: n * 2 })) },
      asks: { field: 1, scale: 1 },
    },
    {
      name: 'ten thousand places of three entities are each filled',
      operation: '{ same { weight colour } }',
      data: { same: numbers.map((n) => ({ weight: (n % 3) * 2, colour: 'grey' })) },
      asks: { field: 1, scale: 1 },
    },
    {
      name: 'a list of ten thousand numbers passes',
      operation: '{ numbers scales }',
      data: { numbers, scales: 1 },
    },
    {
      name: 'a hundred aliases of one field of an entity, each with its argument',
      operation: `{ stones(first: 3) { ${hundred.map((n) => `a${n}: weight(times: ${n})`).join(' ')} } }`,
      data: {
        stones: [0, 1, 2].map((stone) =>
          Object.fromEntries(hundred.map((n) => [`a${n}`, stone * n])),
        ),
      },
      asks: { field: 1, scale: 1 },
    },
    {
      name: 'a hundred aliases of the root, each with its entities',
      operation: `{ ${hundred.map((n) => `r${n}: stones(first: ${n % 3}) { colour weight(times: ${n}) }`).join(' ')} }`,
      data: Object.fromEntries(
        hundred.map((n) => [
          `r${n}`,
          [0, 1].slice(0, n % 3).map((stone) => ({ colour: 'grey', weight: stone * n })),
        ]),
      ),
      asks: { field: 1, scale: 1 },
    },
  ],
})
