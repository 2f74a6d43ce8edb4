import { expect, test } from 'bun:test'
import { buildSchema, parse } from 'graphql'
import { coordinatesIn } from '../coordinates.ts'

const schema = buildSchema(`
  type Query { pet(filter: Filter, id: ID): Pet, secret: String }
  input Filter { kind: Kind, near: Near }
  input Near { city: String }
  enum Kind { CAT DOG }
  interface Pet { name: String, kind: Kind }
  type Cat implements Pet { name: String, kind: Kind, lives: Int }
  type Dog implements Pet { name: String, kind: Kind }
`)
const used = (text: string) => [...coordinatesIn(schema, parse(text))].sort()

test('a document depends on its fields, on the types they have, and on no others', () => {
  expect(used('{ secret }')).toEqual(['Query.secret', 'String'])
})

test('a field of an interface is one of each type that has it, a fragment names its type', () => {
  expect(used('{ pet { name ... on Cat { lives } } }')).toEqual([
    'Cat',
    'Cat.lives',
    'Cat.name',
    'Dog.name',
    'Int',
    'Pet',
    'Pet.name',
    'Query.pet',
    'String',
  ])
})

test('whoever has a variable of an input type may send any part of it', () => {
  const all = used('query ($filter: Filter) { pet(filter: $filter) { __typename } }')
  expect(all).toContain('Near.city')
  expect(all).toContain('Kind.DOG')
  expect(all).toContain('Query.pet.filter')
  expect(all).not.toContain('Query.pet.id')
})

test('what the schema does not have is left out', () => {
  expect(used('{ gone { name } }')).toEqual([])
})
