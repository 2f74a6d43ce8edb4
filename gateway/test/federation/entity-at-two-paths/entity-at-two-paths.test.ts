import { hazard } from '../harness/hazard.ts'
import * as facts from './facts.ts'
import * as people from './people.ts'

hazard({
  subgraphs: { people, facts },
  guards: {
    file: 'gateway/engine/prepare/keys.ts',
    line: 'const texts = args.map((argument) => print(argument)).sort()',
    instead: 'const texts: string[] = []',
  },
  cases: [
    {
      name: 'one entity at two places has at each what was asked for there',
      operation: '{ a: me { friend { x: fact(n: 1) } } b: me { friend { x: fact(n: 2) } } }',
      data: { a: { friend: { x: 'f1' } }, b: { friend: { x: 'f2' } } },
    },
    {
      name: 'one entity in two lists has at each what was asked for there',
      operation: '{ me { friends { x: fact(n: 1) } } crowd { x: fact(n: 2) } }',
      data: {
        me: { friends: [{ x: 'f1' }, { x: 'm1' }] },
        crowd: [{ x: 'y2' }, { x: 'f2' }, { x: 'y2' }],
      },
    },
    {
      name: 'objects below one entity differ by place',
      operation: `{
        a: you { friend { pet { name(n: 1) } } }
        b: you { friend { pet { n: name(n: 2) owner { id } } } }
      }`,
      data: {
        a: { friend: { pet: { name: 'pet 1' } } },
        b: { friend: { pet: { n: 'pet 2', owner: { id: 'f' } } } },
      },
    },
    {
      name: 'a field of one place does not show at another',
      operation: '{ a: me { friend { id } } b: me { friend { x: fact(n: 1) } } you { id } }',
      data: { a: { friend: { id: 'f' } }, b: { friend: { x: 'f1' } }, you: { id: 'y' } },
    },
    {
      name: 'arguments by variables keep the places apart as well',
      operation: `query ($one: Int!, $two: Int!) {
        a: me { friend { x: fact(n: $one) } } b: me { friend { x: fact(n: $two) } }
      }`,
      variables: { one: 1, two: 2 },
      data: { a: { friend: { x: 'f1' } }, b: { friend: { x: 'f2' } } },
    },
    {
      name: 'one place inside the other',
      operation: `{ me {
        x: fact(n: 1) friends { x: fact(n: 2) friend { x: fact(n: 3) } }
      } }`,
      data: {
        me: {
          x: 'm1',
          friends: [
            { x: 'f2', friend: { x: 'f3' } },
            { x: 'm2', friend: { x: 'f3' } },
          ],
        },
      },
    },
  ],
})
