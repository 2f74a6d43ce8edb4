import { type ExecutionResult, OperationTypeNode } from 'graphql'
import type { Answering, Call } from '../engine/answer.ts'
import type { Prepared } from '../engine/engine.ts'
import type { EntityMemory } from '../entities.ts'
import type { Exchange } from '../exchange.ts'
import { isExplorer } from '../graph.ts'
import type { Reads } from '../reads.ts'
import { keepText } from '../respond/json-answer.ts'
import type { Keeping } from './keeping.ts'
import { type Asker, type AskerOf, canonical } from './key.ts'
import { idsIn, tagOfPerson, tagsOfChanged } from './tags.ts'

export type AnswersDeps = {
  readonly keeping: Keeping
  readonly askerOf: AskerOf
  /** What is known of entities, for one caller. */
  readonly entitiesFor: (asker: Asker) => EntityMemory
}

/** Whose answer may be kept, and what it reads. */
type Keepable = { readonly asker: Asker; readonly reads: Reads; readonly hash: string }

/**
 * Answers to registered queries, given as they were kept for as long as their fields say and nothing
 * that they tell of has changed. A mutation ends what is kept for whoever sent it, and what tells of
 * the entities in its answer.
 */
export function keptAnswering(answering: Answering, deps: AnswersDeps): Answering {
  return {
    ...answering,
    execute: async (call, given, run) => {
      const prepared = given ?? answering.known(call) ?? undefined
      if (prepared?.kind === OperationTypeNode.QUERY && !run) {
        remember(call.exchange, deps)
        const keepable = keepableOf(call, prepared, deps)
        if (keepable) return kept({ answering, call, prepared, keepable }, deps)
      }
      const result = await answering
        .execute(call, prepared, run)
        .finally(() => changedBy(call.exchange, null, deps))
      changedBy(call.exchange, result, deps)
      return result
    },
  }
}

function keepableOf({ exchange }: Call, { reads }: Prepared, deps: AnswersDeps): Keepable | null {
  const { registered, onFetched } = exchange
  // Who wants to know how it is made gets it made.
  if (!registered || !reads || reads.maxAge === 0 || onFetched) return null
  const asker = deps.askerOf.ofAnswer(exchange, reads)
  return asker && { asker, reads, hash: registered.hash }
}

/** Of what is registered alone: who writes a text of their own wants to see what there is. */
function remember(exchange: Exchange, { askerOf, entitiesFor }: AnswersDeps): void {
  if (!exchange.registered || exchange.onFetched) return
  const asker = askerOf.ofEntities(exchange)
  exchange.entities = asker && entitiesFor(asker)
}

type Kept = {
  readonly answering: Answering
  readonly call: Call
  readonly prepared: Prepared
  readonly keepable: Keepable
}

function kept({ answering, call, prepared, keepable }: Kept, { keeping }: AnswersDeps) {
  const { exchange, operationName, variables } = call
  const { asker, reads, hash } = keepable
  const question = {
    key: `${reads.graph()} ${hash} ${operationName ?? ''}\n${canonical(variables ?? {})}\n${asker.key}`,
    ...{ reads, personId: asker.personId, signal: exchange.signal },
  }
  // What is measured is what this caller waits for, whoever makes it.
  return answering.execute(call, prepared, async (_, request) => {
    const given = await keeping.ask({
      ...question,
      run: (signal) => prepared.execute({ ...request, exchange: apart(exchange, signal) }),
    })
    exchange.kept = given
    if (isExplorer(exchange)) exchange.responseHeaders.set('x-plexus-cache', given.outcome)
    if (given.entry) keepText(given.result, given.entry.text)
    return given.result
  })
}

/** The run outlives the request that began it, and says nothing to it. */
const apart = (exchange: Exchange, signal: AbortSignal): Exchange => ({
  ...exchange,
  ...{ signal, responseHeaders: new Headers() },
})

/** Their own change is seen by whoever made it, before the word of it comes back. */
function changedBy(
  { mayHaveChanged, viewer }: Exchange,
  result: ExecutionResult | null,
  { keeping }: AnswersDeps,
): void {
  if (!mayHaveChanged) return
  const own = viewer ? [tagOfPerson(viewer.id)] : []
  keeping.drop([...own, ...tagsOfChanged(idsIn(result?.data))])
}
