import { hazard } from '../harness/hazard.ts'
import * as carrier from './carrier.ts'
import * as store from './store.ts'

const operation = `query ($area: Boolean!, $height: Boolean!) {
  boxes { area @include(if: $area) height @skip(if: $height) label @include(if: $area) }
}`

hazard({
  subgraphs: { store, carrier },
  guards: {
    file: 'gateway/engine/prepare/conditions.ts',
    line: "return directive.name.value === 'skip' ? !isTrue : isTrue",
    instead: 'return isTrue',
  },
  cases: [
    {
      name: 'what a field requires is fetched though the client leaves it out',
      operation: operation,
      variables: { area: true, height: true },
      data: {
        boxes: [
          { area: 6, label: 'label 1' },
          { area: 20, label: 'label 2' },
        ],
      },
    },
    {
      name: 'what the client asks for stays though the field that requires it is left out',
      operation: operation,
      variables: { area: false, height: false },
      data: { boxes: [{ height: 2 }, { height: 4 }] },
      asks: { store: 1 },
    },
    {
      name: 'when nothing is left, the objects are empty',
      operation: operation,
      variables: { area: false, height: true },
      data: { boxes: [{}, {}] },
    },
    {
      name: 'two fields that require the same, under different conditions',
      operation: `query ($a: Boolean!, $b: Boolean!) {
        boxes { ... @include(if: $a) { area } ... @include(if: $b) { lift } }
      }`,
      variables: { a: false, b: true },
      data: { boxes: [{ lift: false }, { lift: true }] },
    },
    {
      name: 'a required field under an alias, with an argument and a condition',
      operation: `query ($no: Boolean!, $unit: String) {
        boxes {
          width: height @skip(if: $no)
          height: width(unit: $unit) @include(if: $no)
          area
        }
      }`,
      variables: { no: false, unit: 'cm' },
      data: {
        boxes: [
          { width: 2, area: 6 },
          { width: 4, area: 20 },
        ],
      },
    },
  ],
})
