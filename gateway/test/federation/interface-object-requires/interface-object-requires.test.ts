import { because } from '../harness/because.ts'
import { hazard } from '../harness/hazard.ts'
import { supergraphOf } from '../harness/world.ts'
import * as links from './links.ts'
import * as posts from './posts.ts'

const subgraphs = { posts, links }

// Our composition loses @external on a field of an interface object; Apollo's writes both rows.
const supergraph = supergraphOf(subgraphs).replace(
  /(interface Post [^}]*title: String!)/,
  '$1 @join__field(graph: LINKS, external: true) @join__field(graph: POSTS)',
)

hazard({
  subgraphs,
  supergraph,
  guards: {
    file: 'gateway/engine/plan/place.ts',
    line: 'place.type === place.position.type ? new Set([place, ...place.position.places.values()]) : [place]',
    instead: '[place]',
  },
  cases: [
    {
      name: 'an added field gets what it requires of the interface',
      operation: '{ posts { slug } }',
      data: { posts: [{ slug: '1-one' }, { slug: '2-two' }] },
      asks: { posts: 1, links: 1 },
    },
    {
      name: 'an interface object at the root fetches what it requires, and comes back',
      operation: '{ pinned { slug } }',
      data: { pinned: [{ slug: '2-two' }, null, { slug: '1-one' }] },
      asks: { posts: 1, links: 2 },
    },
    {
      name: 'the type and the required field are there as well when they are asked for',
      operation: '{ pinned { __typename slug title } }',
      data: {
        pinned: [
          { __typename: 'Image', slug: '2-two', title: 'Two' },
          null,
          { __typename: 'Text', slug: '1-one', title: 'One' },
        ],
      },
    },
    {
      name: 'a fragment on one implementation asks for its objects alone',
      operation: '{ posts { ... on Image { slug width } } }',
      data: { posts: [{}, { slug: '2-two', width: 20 }] },
      differs: {
        stitched: { data: { posts: [{}, { slug: '2-undefined', width: 20 }] } },
        because: because.requires,
      },
    },
    {
      name: 'another field under the name of the required one does not get in its way',
      operation: '{ posts { title: id slug } }',
      data: {
        posts: [
          { title: '1', slug: '1-one' },
          { title: '2', slug: '2-two' },
        ],
      },
    },
  ],
})
