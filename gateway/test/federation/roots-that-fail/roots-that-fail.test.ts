import { hazard } from '../harness/hazard.ts'
import * as sick from './sick.ts'
import * as sound from './sound.ts'

hazard({
  subgraphs: { sound, sick },
  guards: {
    file: 'gateway/engine/project/index.ts',
    line: 'for (const error of failures.whole(owner)) {',
    instead: 'for (const error of failures.whole({})) {',
  },
  cases: [
    {
      name: 'each root field of the one is null with its error, the other’s are there',
      operation: '{ sick sound list { id } }',
      data: { sick: null, sound: 'sound', list: null },
      errors: [
        { path: ['sick'], message: 'Later.' },
        { path: ['list'], message: 'Later.' },
      ],
    },
    {
      name: 'each alias is a field of its own',
      operation: '{ a: sick b: sick sound }',
      data: { a: null, b: null, sound: 'sound' },
      errors: [
        { path: ['a'], message: 'Later.' },
        { path: ['b'], message: 'Later.' },
      ],
    },
    {
      name: 'the fields of entities are null one by one, each with the error at its path',
      operation: '{ users { name pulse heat: fever } }',
      data: {
        users: [
          { name: 'Ada', pulse: null, heat: null },
          { name: 'Bob', pulse: null, heat: null },
        ],
      },
      errors: [
        { path: ['users', 0, 'pulse'], message: 'Later.' },
        { path: ['users', 0, 'heat'], message: 'Later.' },
        { path: ['users', 1, 'pulse'], message: 'Later.' },
        { path: ['users', 1, 'heat'], message: 'Later.' },
      ],
    },
    {
      name: 'a root field that may not be null takes everything',
      operation: '{ sound must }',
      data: null,
      errors: [{ path: ['must'], message: 'Later.' }],
    },
    {
      name: 'so does a field of an entity that nothing around may be without',
      operation: '{ sound strict { strict } }',
      data: null,
      errors: [{ path: ['strict', 'strict'], message: 'Later.' }],
    },
    {
      name: 'mutations of it are null, one after the other',
      operation: 'mutation { cure heal again: cure }',
      data: { cure: null, heal: null, again: null },
      errors: [
        { path: ['cure'], message: 'Later.' },
        { path: ['heal'], message: 'Later.' },
        { path: ['again'], message: 'Later.' },
      ],
    },
  ],
})
