import { OperationTypeNode } from 'graphql'
import { within } from '../../deadline.ts'
import { faultFrom } from './fault.ts'
import { received } from './received.ts'
import { sentOf } from './sent.ts'
import type { Ask } from './transport.ts'

export type LocalWay = { readonly fetch: (request: Request) => Promise<Response> }

type Target = {
  readonly name: string
  readonly answerBytesMax: number
  readonly credentialsAreOurs: boolean
}

/**
 * A subgraph in this process: the same request, without a socket. What nobody waits for any more is
 * told to stop, but for a mutation: it may have done half of its work.
 */
export function localAsk({ fetch }: LocalWay, { name, ...reading }: Target): Ask {
  const url = `http://${name}.local/graphql`
  return async (attempt) => {
    const { signal, kind } = attempt
    const sent = sentOf(attempt)
    const isCut = kind !== OperationTypeNode.MUTATION
    try {
      return await within(signal, async () => {
        const response = await fetch(new Request(url, isCut ? { ...sent, signal } : sent))
        return received(response, { ...reading, signal })
      })
    } catch (cause) {
      signal.throwIfAborted()
      throw faultFrom(cause)
    }
  }
}
