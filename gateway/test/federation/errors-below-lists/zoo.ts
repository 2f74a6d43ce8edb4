import { fail } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { cages: [Cage], strict: [[Cage!]!], animals: [Animal!]! }
type Cage { number: Int!, label: String, tags: [String], strictTags: [String!], animals: [Animal]! }
union Animal = Lion | Snake
type Lion @key(fields: "id") { id: ID!, mane: String }
type Snake @key(fields: "id") { id: ID!, length: Int! }
`

const lion = (id: string) => ({ __typename: 'Lion', id })
const snake = (id: string) => ({ __typename: 'Snake', id })

const cages = [
  { number: 1, tags: ['a', new Error('No tag.'), null], animals: [lion('l1'), snake('s1')] },
  { number: 2, tags: null, animals: [null, snake('s2'), lion('l2')] },
]

type Cage = { readonly number: number }
type Tagged = { readonly tags: readonly unknown[] | null }

export const resolvers = {
  Query: {
    cages: () => [...cages, new Error('No cage.')],
    strict: () => [cages, [{ animals: [] }], []],
    animals: () => [lion('l1'), snake('s1'), lion('l2')],
  },
  Cage: {
    label: ({ number }: Cage) => (number === 2 ? fail('label') : `cage ${number}`),
    strictTags: ({ tags }: Tagged) => tags,
  },
  Animal: { __resolveType: ({ __typename }: { __typename: string }) => __typename },
  Lion: { mane: ({ id }: { id: string }) => (id === 'l2' ? fail('mane') : 'long') },
  Snake: { length: () => 2 },
}
