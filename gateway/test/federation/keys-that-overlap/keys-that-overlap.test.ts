import { hazard } from '../harness/hazard.ts'
import * as cars from './cars.ts'
import * as garages from './garages.ts'
import * as owners from './owners.ts'

hazard({
  subgraphs: { cars, owners, garages },
  guards: null,
  cases: [
    {
      name: 'each subgraph gets the fields of its own key',
      operation: '{ cars { owner garage } }',
      data: {
        cars: [
          { owner: 'owner of BE 7', garage: 'garage of 1 in BE' },
          { owner: 'owner of ZH 7', garage: 'garage of 2 in ZH' },
        ],
      },
      asks: { cars: 1, owners: 1, garages: 1 },
    },
    {
      name: 'a smaller key leads through the subgraph that has the rest',
      operation: '{ stolen { garage } }',
      data: { stolen: { garage: 'garage of 2 in ZH' } },
      asks: { owners: 1, cars: 1, garages: 1 },
    },
    {
      name: 'a larger key holds the smaller one',
      operation: '{ repaired { owner } }',
      data: { repaired: [{ owner: 'owner of BE 7' }] },
      asks: { garages: 1, owners: 1 },
    },
    {
      name: 'the object in both keys is shown in part',
      operation: '{ stolen { plate { number } garage colour } }',
      data: { stolen: { plate: { number: 7 }, garage: 'garage of 2 in ZH', colour: 'blue' } },
    },
    {
      name: 'names of the keys stand for each other',
      operation: '{ repaired { id: owner plate: id p: plate { canton: number number: canton } } }',
      data: {
        repaired: [{ id: 'owner of BE 7', plate: '1', p: { canton: 7, number: 'BE' } }],
      },
    },
  ],
})
