import { faultFrom } from './fault.ts'
import { received } from './received.ts'
import { sentOf } from './sent.ts'
import type { Ask } from './transport.ts'

export type HttpWay = { readonly url: string }

type Reading = { readonly answerBytesMax: number; readonly credentialsAreOurs: boolean }

/**
 * A subgraph across the network. Bun keeps its connections alive from request to request, and closes
 * the one of a request that is aborted, by which the subgraph learns of it.
 */
export const httpAsk =
  ({ url }: HttpWay, reading: Reading): Ask =>
  async (attempt) => {
    const { signal } = attempt
    try {
      const response = await fetch(url, { ...sentOf(attempt), signal, redirect: 'manual' })
      return await received(response, { ...reading, signal })
    } catch (cause) {
      signal.throwIfAborted()
      throw faultFrom(cause)
    }
  }
