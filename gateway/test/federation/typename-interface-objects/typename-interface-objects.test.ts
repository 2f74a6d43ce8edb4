import { hazard } from '../harness/hazard.ts'
import * as catalogue from './catalogue.ts'
import * as ratings from './ratings.ts'

// Source: Federation 2.3, @interfaceObject: the subgraph knows the interface only as an object.
hazard({
  subgraphs: { catalogue, ratings },
  guards: {
    file: 'gateway/engine/plan/jump.ts',
    line: '(joins.get(as)?.isAbstract ?? false) && !joins.get(as)?.graphs.get(graph)?.isInterfaceObject',
    instead: 'joins.get(as)?.isAbstract ?? false',
  },
  cases: [
    {
      name: 'the client is told the object’s own type, never the interface’s',
      operation: '{ best { __typename stars } }',
      data: { best: { __typename: 'Film', stars: 5 } },
    },
    {
      name: 'under an alias, in a list with nulls',
      operation: '{ ranked { type: __typename id } }',
      data: { ranked: [{ type: 'Film', id: 'f' }, null, { type: 'Book', id: 'b' }] },
    },
    {
      name: 'what the subgraph knows alone needs no type',
      operation: '{ ranked { stars id } }',
      data: { ranked: [{ stars: 5, id: 'f' }, null, { stars: 4, id: 'b' }] },
    },
    {
      name: 'fragments on the implementing types find their objects',
      operation: '{ ranked { stars ... on Book { pages } ... on Film { minutes title } } }',
      data: {
        ranked: [{ stars: 5, minutes: 117, title: 'Alien' }, null, { stars: 4, pages: 400 }],
      },
    },
    {
      name: 'from the concrete type to the interface object and back',
      operation:
        '{ works { __typename stars similar { __typename title ... on Book { pages } } } }',
      data: {
        works: [
          { __typename: 'Book', stars: 4, similar: [{ __typename: 'Film', title: 'Alien' }] },
          {
            __typename: 'Film',
            stars: 5,
            similar: [{ __typename: 'Book', title: 'Emma', pages: 400 }],
          },
        ],
      },
    },
    {
      name: 'a field of the interface object inside a fragment on a concrete type',
      operation: '{ works { ... on Film { stars } title } best { ... on Book { stars } id } }',
      data: { works: [{ title: 'Emma' }, { stars: 5, title: 'Alien' }], best: { id: 'f' } },
    },
  ],
})
