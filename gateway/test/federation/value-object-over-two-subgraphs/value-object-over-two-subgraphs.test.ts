import { hazard } from '../harness/hazard.ts'
import * as shop from './shop.ts'
import * as store from './store.ts'

// An object without a key inside an entity: what one subgraph lacks of it is found through the
// entity around it.
hazard({
  subgraphs: { shop, store },
  guards: {
    file: 'gateway/engine/plan/select.ts',
    line: 'return left.length === 0 ? [] : [{ ...ask, sub: left }]',
    instead: 'return []',
  },
  cases: [
    {
      name: 'an object is put together from both subgraphs of the entity around it',
      operation: '{ products { size { weight width } } }',
      data: {
        products: [{ size: { weight: 7, width: 10 } }, { size: { weight: 14, width: 20 } }],
      },
      asks: { shop: 1, store: 1 },
    },
    {
      name: 'and so is an object inside the object',
      operation: '{ products { size { unit { word symbol } } name } }',
      data: {
        products: [
          { size: { unit: { word: 'centimetre', symbol: 'cm' } }, name: 'product 1' },
          { size: { unit: { word: 'centimetre', symbol: 'cm' } }, name: 'product 2' },
        ],
      },
    },
    {
      name: 'what the first subgraph has needs no other',
      operation: '{ stored { size { weight unit { word } } place } }',
      data: { stored: { size: { weight: 14, unit: { word: 'centimetre' } }, place: 'place 2' } },
      asks: { store: 1 },
    },
    {
      name: 'only what the first subgraph lacks is asked for',
      operation: '{ stored { size { width } } products { size { weight } } }',
      data: {
        stored: { size: { width: 20 } },
        products: [{ size: { weight: 7 } }, { size: { weight: 14 } }],
      },
    },
    {
      name: 'under two names, each with its own half',
      operation: '{ stored { a: size { w: weight } b: size { w: width unit { symbol } } } }',
      data: { stored: { a: { w: 14 }, b: { w: 20, unit: { symbol: 'cm' } } } },
    },
  ],
})
