import { hazard } from '../harness/hazard.ts'
import * as narrow from './narrow.ts'
import * as wide from './wide.ts'

// Source: Federation, "@shareable": types of a shared field may differ as far as the wider one
// covers the others; the graph has the wider one.
hazard({
  subgraphs: { narrow, wide },
  guards: {
    file: 'gateway/engine/plan/select.ts',
    line: 'if (isOpen && !isInterfaceObject) selectField(source.selected, typenameAsk)',
  },
  cases: [
    {
      name: 'a field that is an object in one subgraph and an interface in the graph',
      operation: '{ dog { owner { id ... on Person { name } ... on Club { name } } } }',
      data: { dog: { owner: { id: 'p', name: 'Ada' } } },
      asks: { narrow: 1 },
    },
    {
      name: 'the name of its type',
      operation: '{ dog { owner { __typename } } dogs { owner { t: __typename } } }',
      data: { dog: { owner: { __typename: 'Person' } }, dogs: [{ owner: { t: 'Person' } }] },
      asks: { narrow: 1, wide: 1 },
    },
    {
      name: 'fields of the interface that the object has as well',
      operation: '{ dog { owner { name } } dogs { owner { name } } }',
      data: { dog: { owner: { name: 'Ada' } }, dogs: [{ owner: { name: 'Ada' } }] },
      asks: { narrow: 1, wide: 1 },
    },
    {
      name: 'on to the other subgraph, behind a fragment',
      operation: '{ dog { age owner { ... on Person { town } } tags } }',
      data: { dog: { age: 3, owner: { town: 'Bern' }, tags: ['a'] } },
    },
    {
      name: 'from the wider to the narrower one',
      operation: '{ dogs { tags owner { id ... on Club { name } } id } }',
      data: { dogs: [{ tags: ['a'], owner: { id: 'p' }, id: 'd' }] },
    },
  ],
})
