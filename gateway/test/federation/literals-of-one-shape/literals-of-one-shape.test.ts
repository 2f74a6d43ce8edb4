import type { Case } from '../harness/case.ts'
import { hazard } from '../harness/hazard.ts'
import * as left from './left.ts'
import * as right from './right.ts'

/** Each operation twice in a row, so that the second one meets what the first one left behind. */
const pairs: readonly (Omit<Case, 'name'> & { readonly what: string })[] = [
  {
    what: 'numbers and texts, 1 and 2',
    operation: '{ plain(int: 1, float: 1, id: 1, text: "1") }',
    data: { plain: '{"int":1,"float":1,"id":"1","text":"1"}' },
  },
  {
    what: 'numbers and texts, 3 and 4',
    operation: '{ plain(int: 2, float: -2, id: 12345678901234567890, text: "") }',
    data: { plain: '{"int":2,"float":-2,"id":"12345678901234567890","text":""}' },
  },
  {
    what: 'a float where an integer stood',
    operation: '{ plain(int: 1, float: 1.5, id: "a", text: """ block """) }',
    data: { plain: '{"int":1,"float":1.5,"id":"a","text":" block "}' },
  },
  {
    what: 'a literal inside a scalar, first',
    operation: '{ json(value: { id: 1, text: "a" }, n: 1) right(n: 1) }',
    data: { json: '{"value":{"id":1,"text":"a"},"n":1}', right: 1 },
  },
  {
    what: 'a literal inside a scalar, second',
    operation: '{ json(value: { id: 2, text: "b" }, n: 1) right(n: 3) }',
    data: { json: '{"value":{"id":2,"text":"b"},"n":1}', right: 3 },
  },
  {
    what: 'the default of a variable, first',
    operation: 'query ($n: Int = 1) { right(n: $n) json(n: 1) }',
    data: { right: 1, json: '{"n":1}' },
  },
  {
    what: 'the default of a variable, second',
    operation: 'query ($n: Int = 2) { right(n: $n) json(n: 1) }',
    data: { right: 2, json: '{"n":1}' },
  },
  {
    what: 'the name of a type, first',
    operation: '{ __type(name: "Item") { name } right(n: 1) }',
    data: { __type: { name: 'Item' }, right: 1 },
  },
  {
    what: 'the name of a type, second',
    operation: '{ __type(name: "Box") { name } right(n: 2) }',
    data: { __type: { name: 'Box' }, right: 2 },
  },
  {
    what: 'one for a list, first',
    operation: '{ lists(flat: 1, deep: 1) box(box: { list: 1, boxes: { n: 1 } }) }',
    data: {
      lists: '{"flat":[1],"deep":[["1"]]}',
      box: '{"box":{"text":"x","list":[1],"boxes":[{"n":1,"text":"x"}]}}',
    },
  },
  {
    what: 'one for a list, second',
    operation: '{ lists(flat: 2, deep: 3) box(box: { list: 4, boxes: { n: 5 } }) }',
    data: {
      lists: '{"flat":[2],"deep":[["3"]]}',
      box: '{"box":{"text":"x","list":[4],"boxes":[{"n":5,"text":"x"}]}}',
    },
  },
  {
    what: 'a value that is too large, refused',
    operation: '{ plain(int: 3000000000, float: 1, id: 1, text: "1") }',
    refusal: 'Int cannot represent non 32-bit signed integer value: 3000000000',
  },
  {
    what: 'fields of one name with the same literal',
    operation: '{ item(id: 1) { said(n: 1) } ... { item(id: 1) { said(n: 1) id } } }',
    data: { item: { said: '{"n":1}', id: '1' } },
  },
  {
    what: 'fields of one name with different literals, refused',
    operation: '{ item(id: 1) { said(n: 1) } ... { item(id: 1) { said(n: 2) id } } }',
    refusal: 'conflict because they have differing arguments',
  },
  {
    what: 'a variable that is called as those of the engine',
    operation:
      'query ($_0: Int, $_1: String, $__0: Int = 9) { item(id: 7) { said(n: $_0, text: $_1) } plain(int: 3) right(n: $__0) }',
    variables: { _0: 4, _1: 'four' },
    data: { item: { said: '{"n":4,"text":"four"}' }, plain: '{"int":3}', right: 9 },
  },
  {
    what: 'literals inside a fragment that stands at two places',
    operation:
      '{ a: item(id: "a") { ...Said } b: item(id: "b") { ...Said } } fragment Said on Item { said(n: 5, text: "t") }',
    data: { a: { said: '{"n":5,"text":"t"}' }, b: { said: '{"n":5,"text":"t"}' } },
  },
  {
    what: 'two operations that share such a fragment',
    operation:
      'query A { item(id: 1) { ...Said } } query B { item(id: 2) { ...Said id } } fragment Said on Item { said(n: 6) }',
    operationName: 'B',
    data: { item: { said: '{"n":6}', id: '2' } },
  },
  {
    what: 'marks that no text may hold',
    operation: '{ plain(int: \u0001) }',
    refusal: 'Syntax Error',
  },
]

hazard({
  subgraphs: { left, right },
  guards: {
    file: 'gateway/engine/prepare/by-text.ts',
    line: 'const staying = literals.filter((_, index) => !slots[index])',
    instead: 'const staying: string[] = []',
  },
  cases: pairs.flatMap(({ what, ...one }) => [
    { ...one, name: `${what}, for the first time` },
    { ...one, name: `${what}, and again` },
  ]),
})
