import { because as shared } from '../harness/because.ts'
import { hazard } from '../harness/hazard.ts'
import * as sick from './sick.ts'
import * as sound from './sound.ts'

const because =
  'GraphQL, September 2025, 3.11: If a reasonable coercion is not possible it must raise an ' +
  'execution error. In particular, if a non-list is returned, the coercion should fail, as this ' +
  'indicates a mismatch in expectations between the type system and the implementation.'

hazard({
  subgraphs: { sound, sick },
  guards: {
    file: 'gateway/engine/project/index.ts',
    line: 'if (!Array.isArray(value))',
    instead: 'if (value === undefined)',
  },
  cases: [
    {
      name: 'a list where an object should be',
      operation: '{ listForObject { size } sound }',
      data: { listForObject: null, sound: 1 },
      errors: [{ path: ['listForObject'] }],
      differs: { stitched: { data: { listForObject: { size: null }, sound: 1 } }, because },
    },
    {
      name: 'an object where a list should be',
      operation: '{ objectForList { size } sound }',
      data: { objectForList: null, sound: 1 },
      errors: [{ path: ['objectForList'] }],
    },
    {
      name: 'a text where an object should be',
      operation: '{ textForObject { size } sound }',
      data: { textForObject: null, sound: 1 },
      errors: [{ path: ['textForObject'] }],
    },
    {
      name: 'a text where a list should be is not taken apart',
      operation: '{ textForList sound }',
      data: { textForList: null, sound: 1 },
      errors: [{ path: ['textForList'] }],
      differs: { stitched: { data: { textForList: null, sound: 1 } }, because },
    },
    {
      name: 'an object among lists is null alone',
      operation: '{ flatForNested { size } sound }',
      data: { flatForNested: [null, [{ size: 2 }]], sound: 1 },
      errors: [{ path: ['flatForNested', 0] }],
    },
    {
      name: 'an object of a type that nobody knows',
      operation: '{ wrongType { __typename size } sound }',
      data: { wrongType: null, sound: 1 },
      errors: [{ path: ['wrongType'] }],
      differs: {
        stitched: { data: { wrongType: null, sound: 1 } },
        because: shared.failedField,
      },
    },
    {
      name: 'what nobody asked for is left out',
      operation: '{ unasked { size } sound }',
      data: { unasked: { size: 5 }, sound: 1 },
    },
    {
      name: 'fewer entities than were asked about',
      operation: '{ pair { id tooFew } }',
      data: {
        pair: [
          { id: '1', tooFew: 1 },
          { id: '2', tooFew: null },
        ],
      },
    },
    {
      name: 'more entities than were asked about',
      operation: '{ pair { tooMany } }',
      data: { pair: [{ tooMany: 1 }, { tooMany: 2 }] },
    },
    {
      name: 'no list of entities',
      operation: '{ pair { id noList } sound }',
      data: {
        pair: [
          { id: '1', noList: null },
          { id: '2', noList: null },
        ],
        sound: 1,
      },
      differs: {
        stitched: {
          data: {
            pair: [
              { id: '1', noList: 1 },
              { id: '2', noList: 1 },
            ],
            sound: 1,
          },
        },
        because,
      },
    },
    {
      name: 'no entities at all',
      operation: '{ pair { noEntities } sound }',
      data: { pair: [{ noEntities: null }, { noEntities: null }], sound: 1 },
    },
    {
      name: 'entities that are no objects',
      operation: '{ pair { noObjects } sound }',
      data: { pair: [{ noObjects: null }, { noObjects: null }], sound: 1 },
      errors: [
        { path: ['pair', 0, 'noObjects'], isOptional: true },
        { path: ['pair', 1, 'noObjects'], isOptional: true },
      ],
    },
  ],
})
