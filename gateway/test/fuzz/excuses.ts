import type { Construct } from './constructs.ts'
import type { Drawn } from './operation.ts'

type Looked = { readonly drawn: Drawn; readonly seen: ReadonlySet<Construct> }

/** Where an engine is known to be wrong, and in how much of its answer. */
export type Excuse = {
  readonly reason: string
  readonly spares: 'answer' | 'errors'
  readonly applies: (looked: Looked) => boolean
}

const meeting =
  (construct: Construct): Excuse['applies'] =>
  ({ seen }) =>
    seen.has(construct)

/** Only stitching has any: the other engine is wrong wherever it differs. */
const excuses: Readonly<Record<string, readonly Excuse[]>> = {
  stitched: [
    ...(
      [
        ['union that differs', 'members that another subgraph does not know'],
        ['interface that differs', 'implementations that another subgraph does not know'],
        ['interface object', 'the type of an object that is an interface elsewhere'],
        ['shared value', 'an object of which each subgraph has a part'],
        ['shared root', 'a root object of which each subgraph has a part'],
        ['@requires', 'what a field is made of, where it has arguments or fragments'],
        ['@provides', 'a field that one path alone provides'],
        ['@override with a label', 'a field that is on its way'],
        ['@inaccessible', 'an error where a value is not to be seen'],
        ['mixed introspection', 'names of directives in the list of types'],
      ] as const
    ).map(
      ([construct, reason]): Excuse => ({
        reason: `${construct}: ${reason}`,
        spares: 'answer',
        applies: meeting(construct),
      }),
    ),
    {
      reason: 'more fields of an object that is a key, in the object itself',
      spares: 'answer',
      applies: ({ drawn }) => drawn.document.includes('motto'),
    },
    {
      reason: 'fragments on an interface that differs',
      spares: 'answer',
      applies: ({ drawn }) => / on Named\b/.test(drawn.document),
    },
    {
      reason: 'a requirement with a fragment, also where it is denied in the end',
      spares: 'answer',
      applies: ({ drawn }) => /\bposter\b/.test(drawn.document),
    },
    {
      reason: 'a stream that is asked for by fragments alone',
      spares: 'answer',
      applies: ({ drawn }) => /^subscription[^{]*\{ [^{]+ \{ \.\.\./m.test(drawn.document),
    },
    {
      reason: 'a named fragment inside another one',
      spares: 'answer',
      applies: ({ drawn }) => /^fragment .*\.\.\.F\d/m.test(drawn.document),
    },
    {
      reason: 'a variable in nothing but conditions of __typename',
      spares: 'answer',
      applies: ({ drawn }) => /__typename @(include|skip)\(if: \$/.test(drawn.document),
    },
    ...(['field that fails', 'entity that fails', 'null that bubbles'] as const).map(
      (construct): Excuse => ({
        reason: `${construct}: the index in a list, in an error's path`,
        spares: 'errors',
        applies: meeting(construct),
      }),
    ),
  ],
}

/** What applies to this operation; usually nothing. */
export const excusesOf = (engine: string, looked: Looked): readonly Excuse[] =>
  (excuses[engine] ?? []).filter(({ applies }) => applies(looked))
