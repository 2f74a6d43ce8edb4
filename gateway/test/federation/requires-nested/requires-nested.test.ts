import { hazard } from '../harness/hazard.ts'
import * as office from './office.ts'
import * as plant from './plant.ts'

hazard({
  subgraphs: { plant, office },
  guards: {
    file: 'gateway/engine/compile/representation.ts',
    line: "if (value === null) return 'null'",
  },
  cases: [
    {
      name: 'fields of a required object, and the object that is null',
      operation: '{ machines { area } }',
      data: { machines: [{ area: 6 }, { area: null }, { area: 16 }] },
      asks: { plant: 1, office: 1 },
    },
    {
      name: 'fields of the objects of a required list, with an item that is null',
      operation: '{ machines { cost } }',
      data: { machines: [{ cost: 12 }, { cost: 0 }, { cost: 101 }] },
    },
    {
      name: 'a client sees of a required object what it asked for, under its own names',
      operation: '{ machines { size { height: width } parts { cost: name } given } }',
      data: {
        machines: [
          { size: { height: 2 }, parts: [{ cost: 'bolt' }, { cost: 'nut' }], given: '3 5+7' },
          { size: null, parts: [], given: 'undefined ' },
          { size: { height: 4 }, parts: [{ cost: 'pin' }, null], given: '4 1+' },
        ],
      },
    },
    {
      name: 'requirements that overlap are fetched once',
      operation: '{ machines { given area cost } }',
      data: {
        machines: [
          { given: '3 5+7', area: 6, cost: 12 },
          { given: 'undefined ', area: null, cost: 0 },
          { given: '4 1+', area: 16, cost: 101 },
        ],
      },
      asks: { plant: 1, office: 1 },
    },
    {
      name: 'another field stands under the name of the required object',
      operation: '{ machines { size: id parts: area area: cost } }',
      data: {
        machines: [
          { size: '1', parts: 6, area: 12 },
          { size: '2', parts: null, area: 0 },
          { size: '3', parts: 16, area: 101 },
        ],
      },
    },
  ],
})
