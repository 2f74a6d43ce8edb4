import { hazard } from '../harness/hazard.ts'
import * as old from './old.ts'
import * as young from './young.ts'

// Source: Federation, "@override": the field is now resolved by this subgraph instead of another.
hazard({
  subgraphs: { old, young },
  guards: null,
  cases: [
    {
      name: 'an overridden field comes from its new owner alone',
      operation: '{ oldUsers { name } }',
      data: { oldUsers: [{ name: '1 of young' }, { name: '2 of young' }] },
      asks: { old: 1, young: 1 },
    },
    {
      name: 'what is not overridden stays with the old owner',
      operation: '{ oldUsers { city } youngUser { city } }',
      data: {
        oldUsers: [{ city: '1 of old' }, { city: '2 of old' }],
        youngUser: { city: '3 of old' },
      },
    },
    {
      name: 'the new owner answers by itself',
      operation: '{ youngUser { name } }',
      data: { youngUser: { name: '3 of young' } },
      asks: { young: 1 },
    },
    {
      name: 'a root field is overridden as well',
      operation: '{ moved oldUsers { id } }',
      data: { moved: 'young', oldUsers: [{ id: '1' }, { id: '2' }] },
    },
    {
      name: 'what the old owner keeps is required by the new one',
      operation: '{ youngUser { greeting name } oldUsers { greeting } }',
      data: {
        youngUser: { greeting: 'from 3 of old', name: '3 of young' },
        oldUsers: [{ greeting: 'from 1 of old' }, { greeting: 'from 2 of old' }],
      },
    },
  ],
})
