import { hazard } from '../harness/hazard.ts'
import * as other from './other.ts'
import * as raw from './raw.ts'

// Source: GraphQL, September 2025, 3.5.1 to 3.5.5 and 3.9 (Result Coercion).
const because =
  'GraphQL, September 2025, 3.5.1: GraphQL services may coerce non-integer internal values to ' +
  'integers when reasonable without losing information, otherwise they must raise an execution ' +
  'error.'
const becauseOfTexts =
  'GraphQL, September 2025, 3.5.3: GraphQL services may coerce non-string raw values to String ' +
  'when reasonable without losing information, otherwise they must raise an execution error.'
const becauseOfEnums =
  'GraphQL, September 2025, 3.9: GraphQL services must return one of the defined set of possible ' +
  'values. If a reasonable coercion is not possible they must raise an execution error.'

hazard({
  subgraphs: { raw, other },
  guards: {
    file: 'gateway/engine/project/shape.ts',
    line: '...leafOf(named),',
    instead: '...leafOf(undefined),',
  },
  cases: [
    {
      name: 'an integer may be written with a point or an exponent',
      operation: '{ numbers { one thousand list } }',
      data: { numbers: { one: 1, thousand: 1000, list: [1, 2, null] } },
    },
    {
      name: 'a float may be whole, and large',
      operation: '{ numbers { half large whole minus } other }',
      data: { numbers: { half: 0.5, large: 1e21, whole: 3, minus: 0 }, other: 1 },
    },
    {
      name: 'an id is a text, though it was sent as a number',
      operation: '{ numbers { numberAsId } }',
      data: { numbers: { numberAsId: '7' } },
    },
    {
      name: 'an id beyond the safe integers keeps its digits, a text of digits stays a text',
      operation: '{ numbers { longId text yes } }',
      data: { numbers: { longId: '9007199254740993', text: '1', yes: true } },
    },
    {
      name: 'a text is no integer',
      operation: '{ wrong { one } }',
      data: { wrong: { one: null } },
      errors: [{ path: ['wrong', 'one'] }],
      differs: { stitched: { data: { wrong: { one: null } } }, because },
    },
    {
      name: 'an object is no text and no id',
      operation: '{ wrong { text id } other }',
      data: { wrong: { text: null, id: null }, other: 1 },
      errors: [{ path: ['wrong', 'text'] }, { path: ['wrong', 'id'] }],
      differs: {
        stitched: { data: { wrong: { text: null, id: null }, other: 1 } },
        because: becauseOfTexts,
      },
    },
    {
      name: 'an item of a list is null alone',
      operation: '{ wrong { list } }',
      data: { wrong: { list: [1, null, null] } },
      errors: [{ path: ['wrong', 'list', 1] }, { path: ['wrong', 'list', 2] }],
      differs: { stitched: { data: { wrong: { list: [1, null, null] } } }, because },
    },
    {
      name: 'a number is no list of objects',
      operation: '{ wrong { objects { one } } other }',
      data: { wrong: { objects: null }, other: 1 },
      errors: [{ path: ['wrong', 'objects'] }],
    },
    {
      name: 'a text that is no value of the enum is an error',
      operation: '{ wrong { size } }',
      data: { wrong: { size: null } },
      errors: [{ path: ['wrong', 'size'] }],
      differs: { stitched: { data: { wrong: { size: null } } }, because: becauseOfEnums },
    },
  ],
})
