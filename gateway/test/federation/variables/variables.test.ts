import { hazard } from '../harness/hazard.ts'
import * as paint from './paint.ts'
import * as shop from './shop.ts'

// Source: GraphQL, September 2025, 6.1.2: a wrong value is a request error, without any data.
hazard({
  subgraphs: { paint, shop },
  guards: {
    file: 'gateway/engine/prepare/given.ts',
    line: 'if (errors) return { errors }',
  },
  cases: [
    {
      name: 'a default of the operation wins over that of the field, and a value over both',
      operation: `query ($a: Int = 1, $b: Int! = 1, $litres: Float = 2) {
        a: colours(first: $a) { name } b: colours(first: $b) { price(litres: $litres) }
        c: colours { price }
      }`,
      variables: { b: 1 },
      data: {
        a: [{ name: 'red' }],
        b: [{ price: 6 }],
        c: [{ price: 3 }, { price: 3 }],
      },
    },
    {
      name: 'what nobody declared is not looked at',
      operation: 'query ($first: Int!) { colours(first: $first) { name } }',
      variables: { first: 1, other: { deep: [1] }, __proto: 2 },
      data: { colours: [{ name: 'red' }] },
    },
    {
      name: 'a variable that is declared and not used is refused',
      operation: 'query ($first: Int!, $unused: Int) { colours(first: $first) { name } }',
      variables: { first: 1 },
      refusal: 'Variable "$unused" is never used.',
    },
    {
      name: 'a variable that is used and not declared is refused',
      operation: '{ colours(first: $first) { name } }',
      refusal: 'Variable "$first" is not defined.',
    },
    {
      name: 'a variable of a type that does not fit is refused',
      operation: 'query ($first: String!) { colours(first: $first) { name } }',
      variables: { first: '1' },
      refusal: 'Variable "$first" of type "String!" used in position expecting type "Int!".',
    },
    {
      name: 'a required one that is missing is an error, and no subgraph is asked',
      operation: 'query ($mix: Mix!) { shops mix(mix: $mix) }',
      errors: [
        { path: null, message: 'Variable "$mix" of required type "Mix!" was not provided.' },
      ],
      asks: {},
    },
    {
      name: 'so is null where null may not stand',
      operation: 'query ($mix: Mix!) { mix(mix: $mix) }',
      variables: { mix: null },
      errors: [
        { path: null, message: 'Variable "$mix" of non-null type "Mix!" must not be null.' },
      ],
      asks: {},
    },
    {
      name: 'each wrong value inside a variable is told',
      operation:
        'query ($mix: Mix!, $litres: Float!) { mix(mix: $mix) colours { price(litres: $litres) } }',
      variables: { mix: { parts: [1, 'two', 2.5], finish: 'WET' }, litres: '1' },
      errors: [
        {
          path: null,
          message:
            'Variable "$mix" got invalid value "two" at "mix.parts[1]"; Int cannot represent non-integer value: "two"',
        },
        {
          path: null,
          message:
            'Variable "$mix" got invalid value 2.5 at "mix.parts[2]"; Int cannot represent non-integer value: 2.5',
        },
        {
          path: null,
          message:
            'Variable "$mix" got invalid value "WET" at "mix.finish"; Value "WET" does not exist in "Finish" enum.',
        },
        {
          path: null,
          message:
            'Variable "$litres" got invalid value "1"; Float cannot represent non numeric value: "1"',
        },
      ],
      asks: {},
    },
    {
      name: 'null for an argument that has a default is an error at the field',
      operation: 'query ($first: Int) { shops colours(first: $first) { name } }',
      variables: { first: null },
      data: null,
      errors: [{ path: ['colours'] }],
    },
    {
      name: 'the same operation is fine the next time',
      operation: 'query ($first: Int) { shops colours(first: $first) { name } }',
      variables: { first: 1 },
      data: { shops: 2, colours: [{ name: 'red' }] },
    },
    {
      name: 'one that is left out leaves the default in force',
      operation:
        'query ($mix: Mix = { parts: [1] }, $finish: Finish) { mix(mix: $mix) finish(finish: $finish) }',
      data: { mix: '1 MATT', finish: 'none' },
    },
  ],
})
