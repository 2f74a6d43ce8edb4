import { hazard } from '../harness/hazard.ts'
import * as people from './people.ts'
import * as register from './register.ts'

const nested = `query ($root: Boolean!, $entity: Boolean!, $deep: Boolean!) {
  firms @include(if: $root) {
    name
    boss @skip(if: $entity) {
      name
      firm { id phone @include(if: $deep) }
    }
  }
  size
}`

// Source: GraphQL, September 2025, 3.13.1 and 3.13.2.
hazard({
  subgraphs: { register, people },
  guards: {
    file: 'gateway/engine/prepare/selection.ts',
    line: '.filter((node) => isIncluded(node, reader.truths))',
  },
  cases: [
    {
      name: 'one operation, everything in',
      operation: nested,
      variables: { root: true, entity: false, deep: true },
      data: {
        firms: [
          { name: 'Acme', boss: { name: 'name of p1', firm: { id: '1', phone: '001' } } },
          { name: 'Bolt', boss: { name: 'name of p2', firm: { id: '2', phone: '002' } } },
        ],
        size: 2,
      },
    },
    {
      name: 'the same operation, without its deepest field',
      operation: nested,
      variables: { root: true, entity: false, deep: false },
      data: {
        firms: [
          { name: 'Acme', boss: { name: 'name of p1', firm: { id: '1' } } },
          { name: 'Bolt', boss: { name: 'name of p2', firm: { id: '2' } } },
        ],
        size: 2,
      },
    },
    {
      name: 'the same operation, without the entity',
      operation: nested,
      variables: { root: true, entity: true, deep: true },
      data: { firms: [{ name: 'Acme' }, { name: 'Bolt' }], size: 2 },
      asks: { register: 1 },
    },
    {
      name: 'the same operation, without its root field',
      operation: nested,
      variables: { root: false, entity: false, deep: true },
      data: { size: 2 },
      asks: { register: 1 },
    },
    {
      name: 'both directives at one field: it is there only if neither leaves it out',
      operation: `query ($yes: Boolean!, $no: Boolean!) {
        a: size @skip(if: $no) @include(if: $yes)
        b: size @skip(if: $yes) @include(if: $yes)
        c: size @skip(if: $no) @include(if: $no)
        d: size @include(if: $no) @skip(if: $yes)
        boss { name @include(if: $yes) @skip(if: $no) id @skip(if: $yes) @include(if: $yes) }
      }`,
      variables: { yes: true, no: false },
      data: { a: 2, boss: { name: 'name of p1' } },
    },
    {
      name: 'when every field is left out, the answer is an empty object',
      operation:
        'query ($no: Boolean!) { size @include(if: $no) firms @include(if: $no) { name } }',
      variables: { no: false },
      data: {},
      asks: {},
    },
    {
      name: 'so it is further down, on an entity as well',
      operation: `query ($no: Boolean!) {
        firms { id @include(if: $no) boss { name @include(if: $no) } }
        boss { firm { phone @include(if: $no) } }
      }`,
      variables: { no: false },
      data: { firms: [{ boss: {} }, { boss: {} }], boss: { firm: {} } },
    },
    {
      name: 'on inline fragments and spreads, one inside the other',
      operation: `query ($a: Boolean!, $b: Boolean!) {
        firms {
          ... @include(if: $a) { name ... on Firm @skip(if: $b) { phone } }
          ...More @include(if: $b)
        }
      }
      fragment More on Firm { id boss { name @skip(if: $a) id } }`,
      variables: { a: true, b: true },
      data: {
        firms: [
          { name: 'Acme', id: '1', boss: { id: 'p1' } },
          { name: 'Bolt', id: '2', boss: { id: 'p2' } },
        ],
      },
    },
    {
      name: 'a field that stands twice is left out only if it is both times',
      operation: `query ($no: Boolean!, $yes: Boolean = true) {
        boss { name @include(if: $no) firm { phone @skip(if: $yes) } ... @skip(if: $no) { name } }
        ... @include(if: $yes) { boss { firm { name } } }
      }`,
      variables: { no: false },
      data: { boss: { firm: { name: 'Acme' }, name: 'name of p1' } },
    },
    {
      name: 'literal conditions are decided as well',
      operation: `{
        size @include(if: false)
        boss @skip(if: false) { name @skip(if: true) firm @include(if: true) { phone } }
      }`,
      data: { boss: { firm: { phone: '001' } } },
    },
    {
      name: 'a condition that is no truth value is an error',
      operation: 'query ($if: Boolean!) { size @include(if: $if) }',
      variables: { if: 'yes' },
      errors: [
        {
          path: null,
          message:
            'Variable "$if" got invalid value "yes"; Boolean cannot represent a non boolean value: "yes"',
        },
      ],
    },
    {
      name: 'a condition that is null in spite of its default is an error',
      operation: 'query ($if: Boolean = true) { size @include(if: $if) }',
      variables: { if: null },
      data: null,
      errors: [
        { path: null, message: 'Argument "if" of non-null type "Boolean!" must not be null.' },
      ],
    },
    {
      name: 'a condition that may be null is refused',
      operation: 'query ($if: Boolean) { size @include(if: $if) }',
      refusal: 'used in position expecting type "Boolean!"',
    },
  ],
})
