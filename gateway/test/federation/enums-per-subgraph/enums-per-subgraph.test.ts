import { hazard } from '../harness/hazard.ts'
import * as shop from './shop.ts'
import * as tailor from './tailor.ts'

hazard({
  subgraphs: { shop, tailor },
  guards: {
    file: 'gateway/engine/project/leaf.ts',
    line: 'const names = new Set<unknown>(type.getValues().map(({ name }) => name))',
    instead: 'const names = new Set<unknown>()',
  },
  cases: [
    {
      name: 'a value that only one subgraph knows is answered',
      operation: '{ shirts { id size tailored } }',
      data: {
        shirts: [
          { id: '1', size: 'SMALL', tailored: 'SMALL' },
          { id: '2', size: 'SMALL', tailored: 'HUGE' },
        ],
      },
    },
    {
      name: 'also inside a list that may hold nulls',
      operation: '{ shirts { tailoredList } sizes }',
      data: {
        shirts: [{ tailoredList: ['SMALL', null] }, { tailoredList: ['HUGE', null] }],
        sizes: ['SMALL', 'LARGE'],
      },
    },
    {
      name: 'the client sees the union of what is answered and the intersection of what is asked',
      operation: `{
        size: __type(name: "Size") { enumValues { name } }
        filter: __type(name: "Filter") { enumValues { name } }
        shirts { tailored }
      }`,
      data: {
        size: { enumValues: [{ name: 'SMALL' }, { name: 'LARGE' }, { name: 'HUGE' }] },
        filter: { enumValues: [{ name: 'CHEAP' }] },
        shirts: [{ tailored: 'SMALL' }, { tailored: 'HUGE' }],
      },
    },
    {
      name: 'a value that every subgraph takes is handed on, literal or variable',
      operation: `query ($by: Filter!, $many: [Filter!] = CHEAP) {
        a: shopFilter(by: $by) b: shopFilter(by: CHEAP) c: tailorFilter(by: $many)
        d: tailorFilter(by: [CHEAP, $by])
      }`,
      variables: { by: 'CHEAP' },
      data: {
        a: 'shop CHEAP',
        b: 'shop CHEAP',
        c: ['tailor CHEAP'],
        d: ['tailor CHEAP', 'tailor CHEAP'],
      },
    },
    {
      name: 'a value that only one subgraph takes is refused in a literal',
      operation: '{ shopFilter(by: NEW) }',
      refusal: 'Value "NEW" does not exist in "Filter" enum',
    },
    {
      name: 'and in a variable',
      operation: 'query ($by: Filter!) { shopFilter(by: $by) }',
      variables: { by: 'NEW' },
      errors: [
        {
          path: null,
          message:
            'Variable "$by" got invalid value "NEW"; Value "NEW" does not exist in "Filter" enum.',
        },
      ],
    },
  ],
})
