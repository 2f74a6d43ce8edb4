import { OperationTypeNode } from 'graphql'
import type { Log } from '#kit/log'
import type { Admission } from './admission/admit.ts'
import type { Answering } from './engine/answer.ts'
import type { Prepared } from './engine/engine.ts'
import type { Exchange, Stage } from './exchange.ts'
import { type Chosen, chosenBy, type OperationsDeps } from './operations/choose.ts'
import { type Params, plainParamsFrom } from './operations/params.ts'
import { answerAs } from './respond/answer.ts'
import { type JsonType, jsonTypeFor } from './respond/json-answer.ts'
import { failedResult } from './respond/public-result.ts'

export type FastLaneDeps = {
  readonly operations: OperationsDeps
  readonly admission: Admission
  readonly answering: Answering
  readonly log: Log
}

type Known = {
  readonly chosen: Chosen
  readonly prepared: Prepared
  readonly type: JsonType
}

/**
 * Stages three to six for an operation that has been answered before: straight to the engine. What
 * is unusual, or seen for the first time, or has to be refused, is handed on with nothing done to
 * it, so each answer is the one that it would have got there.
 */
export function fastLane(deps: FastLaneDeps): Stage {
  return async (exchange, next) => {
    const { method } = exchange.request
    if (method !== 'POST' && method !== 'GET') return next()
    const params = plainParamsFrom(exchange)
    const known = knownIn(params instanceof Promise ? await params : params, exchange, deps)
    if (!known) return next()
    exchange.registered = known.chosen.registered
    const result = await resultOf(known, exchange, deps)
    return answerAs(known.type, result, { exchange, log: deps.log })
  }
}

async function resultOf({ chosen, prepared }: Known, exchange: Exchange, deps: FastLaneDeps) {
  try {
    return await deps.answering.execute({ ...chosen, exchange }, prepared)
  } catch (error) {
    return failedResult(error)
  }
}

/** Null for whatever the other lane has to look at. */
function knownIn(params: Params | null, exchange: Exchange, deps: FastLaneDeps): Known | null {
  const type = jsonTypeFor(exchange.request.headers.get('accept'))
  if (type === null || params === null) return null
  const chosen = valueOrNull(() => chosenBy(params, exchange, deps.operations))
  if (!chosen || !isAdmitted(chosen, exchange, deps.admission)) return null
  const prepared = deps.answering.known({ ...chosen, exchange })
  return prepared && mayRun(prepared, exchange) ? { chosen, prepared, type } : null
}

/** What is registered was prepared at the start, so its first request is no first sight. */
function isAdmitted({ text, registered }: Chosen, exchange: Exchange, admission: Admission) {
  if (registered === null) return admission.hasAdmitted(text, exchange)
  return valueOrNull(() => admission.documentOf(text, exchange)) !== null
}

/** A mutation by GET is refused, and a subscription is a stream. */
const mayRun = ({ kind }: Prepared, { request }: Exchange) =>
  kind === OperationTypeNode.QUERY ||
  (kind === OperationTypeNode.MUTATION && request.method === 'POST')

/** A refusal is worded in the other lane. */
function valueOrNull<Value>(work: () => Value): Value | null {
  try {
    return work()
  } catch {
    return null
  }
}
