import { hazard } from '../harness/hazard.ts'
import * as hotel from './hotel.ts'
import * as kitchen from './kitchen.ts'

hazard({
  subgraphs: { hotel, kitchen },
  guards: {
    file: 'gateway/engine/prepare/public-schema.ts',
    line: 'if (nameOf(node).some(isSpecification)) return true',
  },
  cases: [
    {
      name: 'nothing of composition is a type of the client’s schema',
      operation: `{
        a: __type(name: "join__Graph") { name }
        b: __type(name: "join__FieldSet") { name }
        c: __type(name: "link__Import") { name }
        d: __type(name: "_Any") { name }
        e: __type(name: "_Entity") { name }
        f: __type(name: "_Service") { name }
      }`,
      data: { a: null, b: null, c: null, d: null, e: null, f: null },
    },
    {
      name: 'the entities of the subgraphs cannot be asked for',
      operation: '{ _entities(representations: []) { __typename } }',
      refusal: 'Cannot query field "_entities" on type "Query"',
    },
    {
      name: 'nor their own schemas',
      operation: '{ _service { sdl } }',
      refusal: 'Cannot query field "_service" on type "Query"',
    },
    {
      name: 'deprecated values are shown to those who ask for them',
      operation: `{
        all: __type(name: "Room") {
          enumValues(includeDeprecated: true) { name isDeprecated deprecationReason }
        }
        current: __type(name: "Room") { enumValues { name isDeprecated } }
      }`,
      data: {
        all: {
          enumValues: [
            { name: 'SINGLE', isDeprecated: false, deprecationReason: null },
            { name: 'DOUBLE', isDeprecated: true, deprecationReason: 'Renovated.' },
          ],
        },
        current: { enumValues: [{ name: 'SINGLE', isDeprecated: false }] },
      },
    },
    {
      name: 'descriptions, defaults and specifications arrive with the types',
      operation: `{
        guest: __type(name: "Guest") { description }
        stay: __type(name: "Stay") { inputFields { name defaultValue type { kind } } }
        day: __type(name: "Day") { specifiedByURL }
      }`,
      data: {
        guest: { description: 'Who sleeps here.' },
        stay: {
          inputFields: [{ name: 'nights', defaultValue: '1', type: { kind: 'NON_NULL' } }],
        },
        day: { specifiedByURL: 'https://example.org/day' },
      },
    },
    {
      name: 'deprecated fields, arguments and values are answered all the same',
      operation: '{ guest { nick diet name(old: 1) } room(stay: { breakfast: true }) }',
      data: {
        guest: { nick: 'Ada', diet: 'none', name: 'Ada Lovelace' },
        room: 'DOUBLE',
      },
    },
    {
      name: 'a variable of a type of composition is refused',
      operation: 'query ($x: join__FieldSet) { menu @include(if: true) }',
      refusal: 'Unknown type "join__FieldSet"',
    },
  ],
})
