import { join } from 'node:path'
import { hazard } from '../../federation/harness/hazard.ts'
import * as accounts from './accounts.ts'
import * as inventory from './inventory.ts'
import * as products from './products.ts'
import * as reviews from './reviews.ts'

// supergraph.graphql is what @apollo/federation 0.28 makes of these subgraphs.
hazard({
  subgraphs: { accounts, inventory, products, reviews },
  supergraph: await Bun.file(join(import.meta.dir, 'supergraph.graphql')).text(),
  guards: null,
  cases: [
    {
      name: 'an entity goes on in the subgraph that extends it, by the key that both have',
      operation: '{ me { username reviews { body author { username name { first } } } } }',
      data: {
        me: {
          username: 'ada',
          reviews: [{ body: 'Good.', author: { username: 'ada', name: { first: 'Ada' } } }],
        },
      },
    },
    {
      name: 'what is required is fetched from the owner, below an object too',
      operation: '{ topProducts { upc ... on Book { shipping } } }',
      data: { topProducts: [{ upc: 'b1', shipping: 304 }, { upc: 'f1' }] },
    },
    {
      name: 'fields that an interface got from others are asked by type, each by its own key',
      operation: '{ topProducts { name inStock reviews { id } } }',
      data: {
        topProducts: [
          { name: 'Notes', inStock: true, reviews: [{ id: 'r1' }] },
          { name: 'Chair', inStock: false, reviews: [{ id: 'r2' }] },
        ],
      },
    },
    {
      name: 'an interface of a subgraph that lacks the field is never asked for it',
      operation: '{ topReviews { product { upc name inStock } } }',
      data: {
        topReviews: [
          { product: { upc: 'b1', name: 'Notes', inStock: true } },
          { product: { upc: 'f1', name: 'Chair', inStock: false } },
        ],
      },
    },
    {
      name: 'a value type is whole in each subgraph that has it',
      operation: `{
        topReviews { metadata { __typename ... on KV { key value } ... on Err { code } } }
        me { metadata { ... on KV { value } ... on Err { message } } }
        product(upc: "f1") { ... on Furniture { metadata { ... on Err { code message } } } }
      }`,
      data: {
        topReviews: [
          { metadata: [{ __typename: 'KV', key: 'seen', value: 'yes' }] },
          { metadata: [] },
        ],
        me: { metadata: [{ value: 'v' }, { message: 'gone' }] },
        product: { metadata: [{ code: 1, message: 'worn' }] },
      },
    },
    {
      name: 'unions hold entities and value types',
      operation: `{ users {
        thing { __typename ... on Car { id price } ... on Ikea { asile } }
        account { ... on PasswordAccount { email } ... on SMSAccount { number } }
        vehicle { __typename id price }
      } }`,
      data: {
        users: [
          {
            thing: { __typename: 'Car', id: 'c1', price: '9' },
            account: { email: 'ada@example.org' },
            vehicle: { __typename: 'Car', id: 'v1', price: '5' },
          },
          {
            thing: { __typename: 'Ikea', asile: 12 },
            account: { number: '7' },
            vehicle: { __typename: 'Van', id: 'v2', price: '5' },
          },
        ],
      },
    },
    {
      name: 'roots of every subgraph are found, with enums and interfaces behind them',
      operation: '{ roles node { id ... on Library { name } } vehicle(id: "9") { id price } }',
      data: {
        roles: ['A', 'B'],
        node: { id: 'l1', name: 'Main' },
        vehicle: { id: '9', price: '1' },
      },
    },
    {
      name: 'details behind an interface of the owner',
      operation: `{ topProducts { details {
        country ... on BookDetails { pages } ... on FurnitureDetails { color }
      } } }`,
      data: {
        topProducts: [
          { details: { country: 'UK', pages: 120 } },
          { details: { country: 'SE', color: 'red' } },
        ],
      },
    },
    {
      name: 'mutations run in their subgraph, and their answer goes on in others',
      operation: `mutation ($input: In) {
        review(upc: "b1", input: $input) {
          id
          body
          author { birth(locale: "fr") }
          product { name }
        }
      }`,
      variables: { input: { body: 'Fine.', stars: 4 } },
      data: {
        review: {
          id: 'r3',
          body: 'Fine.',
          author: { birth: 'born in fr' },
          product: { name: 'Notes' },
        },
      },
    },
  ],
})
