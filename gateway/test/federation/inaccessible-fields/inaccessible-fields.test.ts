import { hazard } from '../harness/hazard.ts'
import * as carrier from './carrier.ts'
import * as store from './store.ts'

hazard({
  subgraphs: { store, carrier },
  guards: {
    file: 'gateway/engine/prepare/public-schema.ts',
    line: 'return hides(node) ? null : undefined',
    instead: 'return undefined',
  },
  cases: [
    {
      name: 'a key and a required field that nobody may see still join the subgraphs',
      operation: '{ parcels { name postage } }',
      data: {
        parcels: [
          { name: 'Book', postage: 4 },
          { name: 'Anvil', postage: 900 },
        ],
      },
    },
    {
      name: 'such a field is unknown to the client, on an entity',
      operation: '{ parcels { grams } }',
      refusal: 'Cannot query field "grams" on type "Parcel"',
    },
    {
      name: 'such a field is unknown to the client, in another subgraph',
      operation: '{ parcels { name route } }',
      refusal: 'Cannot query field "route" on type "Parcel"',
    },
    {
      name: 'such a field is unknown to the client, at the root',
      operation: '{ internal }',
      refusal: 'Cannot query field "internal" on type "Query"',
    },
    {
      name: 'an argument that nobody may see keeps its default',
      operation: '{ parcels(first: 1) { id bearers(atMost: 1) again: bearers } }',
      data: {
        parcels: [{ id: '1', bearers: ['c1 secret true'], again: ['c1 secret true', 'second'] }],
      },
    },
    {
      name: 'and is refused when somebody gives it',
      operation: '{ parcels(drafts: true) { id } }',
      refusal: 'Unknown argument "drafts" on field "Query.parcels"',
    },
    {
      name: 'a field of an input object keeps its default as well',
      operation:
        'query ($filter: Filter) { a: search(filter: {}) { name } b: search(filter: $filter) { id } }',
      variables: { filter: { name: 'x' } },
      data: { a: [{ name: 'Book' }], b: [{ id: '1' }] },
    },
    {
      name: 'and is refused inside a variable',
      operation: 'query ($filter: Filter) { search(filter: $filter) { id } }',
      variables: { filter: { grams: 90_000 } },
      errors: [
        {
          path: null,
          message:
            'Variable "$filter" got invalid value { grams: 90000 }; Field "grams" is not defined by type "Filter". Did you mean "name"?',
        },
      ],
    },
    {
      name: 'introspection shows none of it',
      operation: `{
        stamp: __type(name: "Stamp") { fields { name args { name } } }
        filter: __type(name: "Filter") { inputFields { name } }
      }`,
      data: {
        stamp: { fields: [{ name: 'text', args: [{ name: 'upper' }] }] },
        filter: { inputFields: [{ name: 'name' }] },
      },
    },
  ],
})
