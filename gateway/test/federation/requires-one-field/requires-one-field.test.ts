import { hazard } from '../harness/hazard.ts'
import * as products from './products.ts'
import * as shipping from './shipping.ts'

hazard({
  subgraphs: { products, shipping },
  guards: {
    file: 'gateway/engine/plan/joins.ts',
    line: 'isExternal: external === true || usedOverridden === true,',
    instead: 'isExternal: usedOverridden === true,',
  },
  cases: [
    {
      name: 'what a field requires is fetched and not shown',
      operation: '{ products { shipping } }',
      data: { products: [{ shipping: 120 }, { shipping: null }, { shipping: 7 }] },
      asks: { products: 1, shipping: 1 },
    },
    {
      name: 'a required value that is null is handed on as null',
      operation: '{ products { said } }',
      data: { products: [{ said: '20' }, { said: 'null' }, { said: '5' }] },
    },
    {
      name: 'another field under the name of a required one does not get in its way',
      operation: '{ products { price: name weight: upc shipping } }',
      data: {
        products: [
          { price: 'Table', weight: '1', shipping: 120 },
          { price: 'Lamp', weight: '2', shipping: null },
          { price: 'Chair', weight: '3', shipping: 7 },
        ],
      },
    },
    {
      name: 'a required field is also shown, under its own name and another one',
      operation: '{ product(upc: "1") { weight w: weight shipping s: shipping } }',
      data: { product: { weight: 20, w: 20, shipping: 120, s: 120 } },
    },
    {
      name: 'an entity of the subgraph that requires goes there and back',
      operation: '{ cheapest { inStock shipping } }',
      data: { cheapest: { inStock: true, shipping: 7 } },
    },
    {
      name: 'fields with and without requirements come from one request',
      operation: '{ products { inStock name shipping } }',
      data: {
        products: [
          { inStock: true, name: 'Table', shipping: 120 },
          { inStock: false, name: 'Lamp', shipping: null },
          { inStock: true, name: 'Chair', shipping: 7 },
        ],
      },
    },
  ],
})
