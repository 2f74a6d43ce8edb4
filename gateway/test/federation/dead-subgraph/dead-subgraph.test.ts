import { hazard } from '../harness/hazard.ts'
import * as garden from './garden.ts'
import * as lab from './lab.ts'
import * as prices from './prices.ts'

const message = 'A part of the service is not available. Try again in a moment.'

hazard({
  subgraphs: { garden, prices, lab },
  guards: {
    file: 'gateway/engine/execute/index.ts',
    line: 'return { data: null, errors: [new GraphQLError(originalError.message, { originalError })] }',
    instead: 'return { data: null, errors: originalError ? [] : [] }',
  },
  cases: [
    {
      name: 'what does not need it is whole',
      operation: '{ plants { name price } currency }',
      data: {
        plants: [
          { name: 'Fern', price: 5 },
          { name: 'Rose', price: 10 },
        ],
        currency: 'CHF',
      },
    },
    {
      name: 'its fields of entities are null, those of the third subgraph are there',
      operation: '{ plants { dna price leaf { id area } } }',
      data: {
        plants: [
          { dna: null, price: 5, leaf: { id: 'l1', area: null } },
          { dna: null, price: 10, leaf: null },
        ],
      },
      errors: [
        { path: ['plants', 0, 'dna'], message },
        { path: ['plants', 1, 'dna'], message },
        { path: ['plants', 0, 'leaf', 'area'], message },
      ],
    },
    {
      name: 'its roots are null beside those of the others',
      operation: '{ lab currency all: samples { id area } plant { name } }',
      data: { lab: null, currency: 'CHF', all: null, plant: { name: 'Fern' } },
      errors: [
        { path: ['lab'], message },
        { path: ['all'], message },
      ],
    },
    {
      name: 'a field that may not be null takes the entity, and no more',
      operation: '{ plant { name mustHave } currency }',
      data: { plant: null, currency: 'CHF' },
      errors: [{ path: ['plant', 'mustHave'], message }],
    },
    {
      name: 'a mutation of it fails, those before and after it do not',
      operation: 'mutation { a: water analyse b: water }',
      data: { a: 3, analyse: null, b: 3 },
      errors: [{ path: ['analyse'], message }],
    },
    {
      name: 'a root that may not be null takes the answer',
      operation: '{ mustHave currency }',
      data: null,
      errors: [{ path: ['mustHave'], message }],
    },
  ],
})
