import type { ExecutionResult } from 'graphql'
import type { OperationRequest, Prepared, Source, Stream } from './engine.ts'

/** `exchange.signal` ends it: no event is answered for a client who has gone. */
export const subscriberOf =
  ({ open, answer }: Stream): Prepared['subscribe'] =>
  async (request) => {
    const opened = await open(request)
    return 'events' in opened ? answersTo(opened, request, answer) : opened
  }

async function* answersTo(
  source: Source,
  request: OperationRequest,
  answer: Stream['answer'],
): AsyncGenerator<ExecutionResult, void> {
  for await (const { data } of source.events) {
    const result = data === null ? null : await answer(data, source, request)
    if (result) yield result
  }
}
