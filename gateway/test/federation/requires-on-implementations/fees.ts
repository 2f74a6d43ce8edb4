import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'

export const sdl = `${link}
  interface Product { id: ID!, fee: String }
  union Thing = Book | Film
  type Book implements Product @key(fields: "id") {
    id: ID!
    pages: Int! @external
    author: Person! @external
    fee: String @requires(fields: "pages author { name }")
  }
  type Film implements Product @key(fields: "id") {
    id: ID!
    minutes: Int! @external
    crew: [Person!]! @external
    fee: String @requires(fields: "minutes crew { name }")
  }
  type Person @key(fields: "id") { id: ID!, name: String @external }
  type Sold @key(fields: "id") {
    id: ID!
    things: [Thing!]! @external
    total: String
      @requires(
        fields: "things { ... on Book { pages author { name } } ... on Film { crew { name } } }"
      )
  }
`

type Person = { readonly name: string }
type Book = { readonly pages: number; readonly author: Person }
type Film = { readonly minutes: number; readonly crew: readonly Person[] }
type Sold = { readonly things: readonly (Partial<Book> & Partial<Film>)[] }

const namesOf = (crew: readonly Person[] | undefined) => crew?.map(({ name }) => name).join('+')

export const resolvers: Resolvers = {
  Book: { fee: ({ pages, author }: Book) => `${pages} by ${author.name}` },
  Film: { fee: ({ minutes, crew }: Film) => `${minutes} by ${namesOf(crew)}` },
  Sold: {
    total: ({ things }: Sold) =>
      things.map(({ author, crew }) => author?.name ?? namesOf(crew)).join(' and '),
  },
}
