import { because } from '../harness/because.ts'
import { hazard } from '../harness/hazard.ts'
import * as fees from './fees.ts'
import * as library from './library.ts'

// Stitching throws on a requirement that goes into a union.
const differs = {
  stitched: { data: null, errors: [{ path: ['loans'] }] },
  because: because.requires,
}

hazard({
  subgraphs: { library, fees },
  guards: {
    file: 'gateway/engine/compile/representation.ts',
    line: "return (object) => (types.has(object.__typename) ? members(object) : '')",
    instead: "return () => ''",
  },
  cases: [
    {
      name: 'each implementation hands on what the fragment on it requires',
      operation: '{ loans { days } }',
      data: { loans: [{ days: 44 }, { days: 105 }, { days: 5 }] },
    },
    {
      name: 'each member of a union hands on what the fragment on it requires',
      operation: '{ loans { extraDays } }',
      data: { loans: [{ extraDays: 97 }, { extraDays: null }, { extraDays: 0 }] },
      differs,
    },
    {
      name: 'both at once, in one request',
      operation: '{ loans { extraDays id days } }',
      data: {
        loans: [
          { extraDays: 97, id: '1', days: 44 },
          { extraDays: null, id: '2', days: 105 },
          { extraDays: 0, id: '3', days: 5 },
        ],
      },
      asks: { library: 1, fees: 1 },
      differs,
    },
    {
      name: 'the client sees of the required object what it asked for itself',
      operation: '{ loans { medium { __typename } days } }',
      data: {
        loans: [
          { medium: { __typename: 'Book' }, days: 44 },
          { medium: { __typename: 'Film' }, days: 105 },
          { medium: { __typename: 'Song' }, days: 5 },
        ],
      },
    },
    {
      name: 'a name of the client is that of another required field',
      operation:
        '{ loans { medium { ... on Book { title: pages } ... on Film { title: minutes } } days } }',
      data: {
        loans: [
          { medium: { title: 400 }, days: 44 },
          { medium: { title: 97 }, days: 105 },
          { medium: {}, days: 5 },
        ],
      },
    },
  ],
})
