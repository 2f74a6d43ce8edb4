import { AppError } from '#kit/errors'
import type { Stage } from '../exchange.ts'
import { type Tokens, tokenOf } from './token.ts'

const ofOneLine = ['host', 'connection', 'content-length', 'transfer-encoding', 'keep-alive']

/**
 * A request about a reservation goes to the instance that holds it, before anybody is asked who
 * sends it: that is done there. The address comes out of a token that only we can seal.
 */
export const handedOn =
  (tokens: Tokens): Stage =>
  async (exchange, next) => {
    const { request, url, signal, bodyText } = exchange
    const elsewhere = tokens.elsewhere(tokenOf(request, url))
    if (elsewhere === null) return next()
    const headers = new Headers(request.headers)
    for (const name of ofOneLine) headers.delete(name)
    headers.set('accept-encoding', 'identity')
    const body = bodyText ?? (request.body && (await request.arrayBuffer()))
    try {
      const target = new URL(`${url.pathname}${url.search}`, elsewhere)
      const answer = await fetch(target, {
        ...{ method: request.method, headers, signal, redirect: 'manual' },
        ...(body && { body }),
      })
      return new Response(answer.body, answer)
    } catch (cause) {
      signal.throwIfAborted()
      const message = 'The reservation is gone with its instance. Make another one.'
      throw new AppError('NOT_FOUND', message, { cause })
    }
  }
