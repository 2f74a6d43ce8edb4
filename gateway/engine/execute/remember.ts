import type { EntityAsk, EntityMemory, ToldEntity } from '../../entities.ts'
import type { Step } from '../compile/index.ts'
import { mergeInto } from '../merge.ts'
import type { Answer } from '../transport/answer.ts'
import { isTree, type Tree } from '../tree.ts'
import type { Asked } from './ask-entities.ts'

/** What is still to be asked, and how what comes of it is kept. */
export type Missing = { readonly asked: Asked; readonly keep: (answer: Answer) => void }

type Remembering = {
  readonly memory: EntityMemory | null
  readonly step: Step
  /** The client's variables, as they are sent. */
  readonly variables: string
}

/** Gives the objects what is remembered of them, and leaves what has to be asked. */
export function missingOf(asked: Asked, { memory, step, variables }: Remembering): Missing {
  const { part, representations } = asked
  if (!memory || !part.age || representations.length === 0) return { asked, keep: () => {} }
  const ask: EntityAsk = {
    subgraph: step.subgraph,
    question: `${part.alias} ${variables}\n${step.document}`,
    ...part.age,
  }
  const { texts, mark } = memory.find(ask, representations)
  const left = withoutKnown(asked, texts)
  return {
    asked: left,
    keep: (answer) => memory.put(ask, toldOf(left, answer), mark),
  }
}

/** Those that are left are numbered anew. */
function withoutKnown(asked: Asked, texts: readonly (string | null)[]): Asked {
  const { part, objects, places, representations } = asked
  const numbers = new Map<number, number>()
  const left = { objects: [] as Tree[], places: [] as number[], representations: [] as string[] }
  for (const [place, representation] of representations.entries())
    if (texts[place] === null) numbers.set(place, left.representations.push(representation) - 1)
  for (const [index, object] of objects.entries()) {
    const place = places[index] ?? -1
    const number = numbers.get(place)
    if (number === undefined) {
      // Read anew each time: what is merged into it is this answer's alone.
      const known: unknown = JSON.parse(texts[place] ?? 'null')
      if (isTree(known)) mergeInto(object, known)
    } else {
      left.objects.push(object)
      left.places.push(number)
    }
  }
  return { part, ...left }
}

/** Nothing of an answer that tells of any error. */
function toldOf({ part, representations }: Asked, { data, errors }: Answer): ToldEntity[] {
  const entities = data?.[part.alias]
  if (errors.length > 0 || !Array.isArray(entities)) return []
  return representations.flatMap((representation, place) => {
    const entity: unknown = entities[place]
    return isTree(entity) ? [{ representation, entity }] : []
  })
}
