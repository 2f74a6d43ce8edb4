import { hazard } from '../harness/hazard.ts'
import * as old from './old.ts'
import * as readers from './readers.ts'
import * as young from './young.ts'

hazard({
  subgraphs: { old, young, readers },
  guards: {
    file: 'gateway/engine/plan/jump.ts',
    line: 'const after = new Set([...opening.after, ...suppliersOf(place, way.key), ...place.origins])',
    instead: 'const after = new Set([...opening.after, ...place.origins])',
  },
  cases: [
    {
      name: 'a key that moved is fetched from where it is now',
      operation: '{ docs { readers } }',
      data: {
        docs: [{ readers: 'readers of 1 by young' }, { readers: 'readers of 2 by young' }],
      },
      asks: { old: 1, young: 1, readers: 1 },
    },
    {
      name: 'a required field that moved comes from where it is now, the other from where it was',
      operation: '{ docs { summary } }',
      data: {
        docs: [{ summary: '1 by young, 1 by old' }, { summary: '2 by young, 2 by old' }],
      },
    },
    {
      name: 'from the new owner, the old one still has its part',
      operation: '{ fresh { summary readers body } }',
      data: {
        fresh: {
          summary: '3 by young, 3 by old',
          readers: 'readers of 3 by young',
          body: '3 by old',
        },
      },
    },
    {
      name: 'the key that moved is shown, under its name and another',
      operation: '{ docs { slug title: slug readers } }',
      data: {
        docs: [
          { slug: '1 by young', title: '1 by young', readers: 'readers of 1 by young' },
          { slug: '2 by young', title: '2 by young', readers: 'readers of 2 by young' },
        ],
      },
    },
    {
      name: 'what did not move stays where it is',
      operation: '{ docs { body id } }',
      data: {
        docs: [
          { body: '1 by old', id: '1' },
          { body: '2 by old', id: '2' },
        ],
      },
      asks: { old: 1 },
    },
  ],
})
