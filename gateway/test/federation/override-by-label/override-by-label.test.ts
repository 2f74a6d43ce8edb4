import { because } from '../harness/because.ts'
import { hazard } from '../harness/hazard.ts'
import * as old from './old.ts'
import * as young from './young.ts'

// Source: Federation, "@override", label: a percent of requests is resolved by the new owner; a
// label that is not active leaves the field with the old one.
hazard({
  subgraphs: { old, young },
  guards: {
    file: 'gateway/engine/plan/joins.ts',
    line: "? { label: overrideLabel, isNew: typeof override === 'string' }",
    instead: '? { label: overrideLabel, isNew: true }',
  },
  cases: [
    {
      name: 'no request goes to the new owner at zero percent',
      operation: '{ user { never } }',
      data: { user: { never: 'of old' } },
      asks: { old: 1 },
    },
    {
      name: 'every request goes to the new owner at a hundred percent',
      operation: '{ user { always } }',
      data: { user: { always: 'of young' } },
      asks: { old: 1, young: 1 },
    },
    {
      name: 'a label that nobody has switched on leaves the field where it was',
      operation: '{ user { flagged } }',
      data: { user: { flagged: 'of old' } },
      asks: { old: 1 },
    },
    {
      name: 'from the new owner it is the other way around',
      operation: '{ youngUser { never always flagged } }',
      data: { youngUser: { never: 'of old', always: 'of young', flagged: 'of old' } },
      differs: {
        stitched: {
          data: { youngUser: { never: 'of old', always: 'of young', flagged: 'of young' } },
        },
        because: because.label,
      },
    },
    {
      name: 'fields of each kind stand beside each other, under other names',
      operation: '{ user { a: always never always: flagged } }',
      data: { user: { a: 'of young', never: 'of old', always: 'of old' } },
    },
  ],
})
