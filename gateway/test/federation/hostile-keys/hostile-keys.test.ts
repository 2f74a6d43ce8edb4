import { expect, test } from 'bun:test'
import { hazard } from '../harness/hazard.ts'
import { hostile } from './data.ts'
import * as scores from './scores.ts'
import * as users from './users.ts'

hazard({
  subgraphs: { users, scores },
  guards: {
    file: 'gateway/engine/merge.ts',
    line: "if (key === '__proto__') continue",
  },
  cases: [
    {
      name: 'what the client asked for is there, and nothing is inherited',
      operation: '{ me { id name admin } }',
      data: { me: { id: '1', name: 'Ada', admin: null } },
    },
    {
      name: 'an entity inherits nothing either',
      operation: '{ me { name level score admin } }',
      data: { me: { name: 'Ada', level: 3, score: null, admin: null } },
    },
    {
      name: 'nor does an object that was clean before the entity came',
      operation: '{ plain { name level score admin } }',
      data: { plain: { name: 'Ada', level: 3, score: null, admin: null } },
    },
    {
      name: 'nor does the root',
      operation: '{ missing }',
      data: { missing: null },
    },
    {
      name: 'names that the subgraph abuses may be used by the client',
      operation: '{ me { polluted: name toString: id prototype: level } }',
      data: { me: { polluted: 'Ada', toString: '1', prototype: 3 } },
    },
  ],
})

test('the objects of everybody else are untouched', () => {
  expect(Reflect.get({}, 'polluted')).toBeUndefined()
  expect(Reflect.get(() => {}, 'polluted')).toBeUndefined()
})

test('a merge that assigns key by key is fooled by the same text', () => {
  const { data } = JSON.parse(hostile.root)
  const target: Record<string, unknown> = {}
  for (const key of Object.keys(data.me)) target[key] = data.me[key]
  expect(target.admin).toBe(true)
})
