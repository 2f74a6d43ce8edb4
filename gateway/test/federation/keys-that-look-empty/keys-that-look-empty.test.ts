import { hazard } from '../harness/hazard.ts'
import * as details from './details.ts'
import * as list from './list.ts'

hazard({
  subgraphs: { list, details },
  guards: {
    file: 'gateway/engine/compile/representation.ts',
    line: 'if (keys.length > 0 && keys.every((key) => object[key] === null)) return null',
    instead: 'if (keys.some((key) => object[key] === null)) return null',
  },
  cases: [
    {
      name: 'a number is a key, zero as well',
      operation: '{ numbers { double } }',
      data: { numbers: [{ double: 0 }, { double: 2 }, { double: -2 }, { double: 2 }] },
    },
    {
      name: 'a text is a key, the empty one and one that looks like something else as well',
      operation: '{ words { letters } }',
      data: {
        words: [{ letters: 0 }, { letters: 1 }, { letters: 1 }, { letters: 4 }, { letters: 3 }],
      },
    },
    {
      name: 'a boolean is a key, false as well',
      operation: '{ flags { not on } }',
      data: {
        flags: [
          { not: true, on: false },
          { not: false, on: true },
        ],
      },
    },
    {
      name: 'a part of a key that may be empty is empty',
      operation: '{ places { zip said } }',
      data: {
        places: [
          { zip: '3000', said: '["CH","3000"]' },
          { zip: '', said: '["CH",""]' },
          { zip: null, said: '["HK",null]' },
        ],
      },
    },
    {
      name: 'keys of all kinds in one request',
      operation: '{ n: numbers { d: double } w: words { letters text } f: flags { not } }',
      data: {
        n: [{ d: 0 }, { d: 2 }, { d: -2 }, { d: 2 }],
        w: [
          { letters: 0, text: '' },
          { letters: 1, text: ' ' },
          { letters: 1, text: '0' },
          { letters: 4, text: 'null' },
          { letters: 3, text: 'π"\\' },
        ],
        f: [{ not: true }, { not: false }],
      },
    },
  ],
})
