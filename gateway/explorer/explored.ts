import { type DocumentNode, type ExecutionResult, OperationTypeNode } from 'graphql'
import { operationIn } from '#kit/document/operation'
import { AppError } from '#kit/errors'
import type { Answering, Call } from '../engine/answer.ts'
import type { Exchange } from '../exchange.ts'
import { isExplorer } from '../graph.ts'
import type { Counting } from './fetch-cost.ts'
import { type Lens, lensOf, roleHeader } from './role.ts'
import { startTrace, traceHeader } from './trace.ts'

export type ExploredDeps = {
  readonly documentOf: (text: string, exchange: Exchange) => DocumentNode
  /** How the cost of a fetch is counted; undefined where nobody counts. */
  readonly counting: () => Counting | undefined
}

/**
 * The same answers for everybody. An explorer may look at them as a role does, and may ask what a
 * run did: `extensions.trace`.
 */
export function explored(answering: Answering, deps: ExploredDeps): Answering {
  return {
    ...answering,
    // What is unusual is looked at where there is time for it.
    known: (call) => (asksMore(call.exchange) ? null : answering.known(call)),
    execute: async (call, prepared, run) => {
      if (!asksMore(call.exchange)) return answering.execute(call, prepared, run)
      const seen = seenBy(call, deps)
      if (!wantsTrace(call.exchange)) return answering.execute(seen)
      return traced(seen, answering, deps)
    },
    subscribe: async (call) =>
      answering.subscribe(asksMore(call.exchange) ? seenBy(call, deps) : call),
  }
}

const wantsTrace = ({ request }: Exchange) => request.headers.get(traceHeader) === 'true'

const asksMore = (exchange: Exchange) =>
  (exchange.request.headers.has(roleHeader) || wantsTrace(exchange)) && isExplorer(exchange)

/** The call of whoever looks through a lens. Throws FORBIDDEN for what does more than look. */
function seenBy(call: Call, { documentOf }: ExploredDeps): Call {
  const lens = lensOf(call.exchange)
  if (!lens) return call
  const document = documentOf(call.text, call.exchange)
  requireLooking(lens, operationIn(document, call.operationName).operation)
  return { ...call, exchange: { ...call.exchange, viewer: lens.viewer } }
}

function requireLooking({ role }: Lens, kind: OperationTypeNode): void {
  if (kind === OperationTypeNode.QUERY) return
  throw new AppError('FORBIDDEN', `Looking as ${role}, you may run queries and no ${kind}.`)
}

async function traced(
  call: Call,
  answering: Answering,
  { counting }: ExploredDeps,
): Promise<ExecutionResult> {
  const variables = call.variables ?? {}
  const { onFetched, traceOf } = startTrace({ variables, counting: counting() ?? null })
  const exchange = call.exchange
  exchange.onFetched = onFetched
  const result = await answering.execute(call)
  exchange.onFetched = null
  const explained = await answering.known(call)?.explain?.({ variables, exchange })
  const fetches = explained && 'fetches' in explained ? explained.fetches : []
  const trace = traceOf((id) => fetches[id]?.paths ?? [])
  return { ...result, extensions: { ...result.extensions, trace } }
}
