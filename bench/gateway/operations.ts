import { documentIn, type Naming, plain } from './naming.ts'

const fragments = `
fragment User on User { id username name }
fragment Review on Review { id body }
fragment Product on Product { inStock name price shippingEstimate upc weight }
`

/** Seven subgraph requests and about 87 KB: the operation of the public gateway benchmark. */
const large = `
query Large {
  users {
    ...User
    reviews {
      ...Review
      product {
        ...Product
        reviews {
          ...Review
          author { ...User reviews { ...Review product { ...Product } } }
        }
      }
    }
  }
  topProducts {
    ...Product
    reviews {
      ...Review
      author { ...User reviews { ...Review product { ...Product } } }
    }
  }
}
${fragments}`

const texts = {
  large,
  'two fetches': 'query Two { topProducts { upc name inStock } }',
  'one fetch': 'query One { users { id name username birthday } }',
}

export type OperationName = keyof typeof texts
export const operationNames = ['large', 'two fetches', 'one fetch'] as const

/** The document that a client sends. */
export const documentOf = (name: OperationName, naming: Naming = plain): string =>
  documentIn(naming, texts[name])

/** An operation of its own for every number: nothing that remembers texts has seen it. */
export const unseenOf = (number: number): string =>
  documentOf('large').replace('query Large', `query Large${number}`)
