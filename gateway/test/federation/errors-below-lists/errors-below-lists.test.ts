import { hazard } from '../harness/hazard.ts'
import * as vet from './vet.ts'
import * as zoo from './zoo.ts'

hazard({
  subgraphs: { zoo, vet },
  guards: {
    file: 'gateway/engine/project/index.ts',
    line: 'valueAt(projecting, { ...slot, owner: value, key: index, path: [...path, index] }),',
    instead: 'valueAt(projecting, { ...slot, owner: value, key: index, path }),',
  },
  cases: [
    {
      name: 'an item, a field of an item and an item inside an item, each at its index',
      operation: '{ cages { number name: label tags } }',
      data: {
        cages: [
          { number: 1, name: 'cage 1', tags: ['a', null, null] },
          { number: 2, name: null, tags: null },
          null,
        ],
      },
      errors: [
        { path: ['cages', 0, 'tags', 1], message: 'No tag.' },
        { path: ['cages', 1, 'name'], message: 'No label.' },
        { path: ['cages', 2], message: 'No cage.' },
      ],
    },
    {
      name: 'an item that may not be null takes its list',
      operation: '{ cages { strictTags } }',
      data: { cages: [{ strictTags: null }, { strictTags: null }, null] },
      errors: [
        { path: ['cages', 0, 'strictTags', 1], message: 'No tag.' },
        { path: ['cages', 2], message: 'No cage.' },
      ],
    },
    {
      name: 'in lists of lists a null climbs as far as it has to',
      operation: '{ strict { number } }',
      data: { strict: null },
      errors: [
        {
          path: ['strict', 1, 0, 'number'],
          message: 'Cannot return null for non-nullable field Cage.number.',
        },
      ],
    },
    {
      name: 'members of a union in nested lists, out of the other subgraph',
      operation:
        '{ cages { animals { ... on Lion { id healthy } ... on Snake { ok: healthy } } } }',
      data: {
        cages: [
          { animals: [{ id: 'l1', healthy: true }, null] },
          { animals: [null, { ok: true }, { id: 'l2', healthy: null }] },
          null,
        ],
      },
      errors: [
        { path: ['cages', 0, 'animals', 1, 'ok'], message: 'No record.' },
        { path: ['cages', 1, 'animals', 2, 'healthy'], message: 'No record.' },
        { path: ['cages', 2], message: 'No cage.' },
      ],
    },
    {
      name: 'a list inside an entity, with an index on both sides of the join',
      operation: '{ animals { ... on Lion { given: shots { name amount: dose } mane } } vets }',
      data: {
        animals: [
          {
            given: [{ name: 'l1 a', amount: 5 }, null, { name: 'l1 b', amount: null }],
            mane: 'long',
          },
          {},
          { given: [{ name: 'l2 a', amount: 5 }, null, { name: 'l2 b', amount: 5 }], mane: null },
        ],
        vets: 1,
      },
      errors: [
        { path: ['animals', 0, 'given', 2, 'amount'], message: 'No dose.' },
        { path: ['animals', 2, 'mane'], message: 'No mane.' },
      ],
    },
    {
      name: 'a null that no list may hold voids the answer',
      operation: '{ vets animals { ... on Snake { healthy length } } }',
      data: null,
      errors: [{ path: ['animals', 1, 'healthy'], message: 'No record.' }],
    },
  ],
})
