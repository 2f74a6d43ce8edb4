import { AppError } from '#kit/errors'
import { startDeadline } from '../deadline.ts'
import { eventsIn } from '../engine/transport/event-stream.ts'
import type { Exchange } from '../exchange.ts'
import type { Line } from './line.ts'

const eventType = 'text/event-stream'
const lastEventId = 'last-event-id'
const idPattern = /^[\w-]{1,64}$/

/** What the client sent, and the id by which it will know the results. */
export type Posted = { readonly operationId: string; readonly body: string }

/** Throws BAD_REQUEST. The id is not the graph's to know. */
export async function postedIn({ request, bodyText }: Exchange): Promise<Posted> {
  const params: unknown = parsed(bodyText ?? (await request.text()))
  if (!isObject(params)) throw badRequest('The body is a JSON object.')
  const { operationId, ...extensions } = isObject(params.extensions) ? params.extensions : {}
  if (typeof operationId !== 'string' || !idPattern.test(operationId))
    throw badRequest('extensions.operationId is 1 to 64 letters, digits, hyphens or underscores.')
  return { operationId, body: JSON.stringify({ ...params, extensions }) }
}

const badRequest = (message: string) => new AppError('BAD_REQUEST', message)
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

type Running = {
  readonly exchange: Exchange
  readonly next: () => Promise<Response>
  readonly posted: Posted
  /** Ends the operation, with the line or by itself. */
  readonly signal: AbortSignal
  readonly deadlineMs: number
}

/**
 * Runs it like any other operation of a client that reads events: through every stage that the graph
 * has, in the name of whoever sent it.
 */
export async function runOn({ exchange, next, posted, signal, deadlineMs }: Running) {
  const headers = new Headers(exchange.request.headers)
  headers.set('accept', eventType)
  headers.delete('content-length')
  // A client that keeps what it read as `id:` need not take it apart.
  const seen = headers.get(lastEventId)?.split(' ').at(-1)
  if (seen) headers.set(lastEventId, seen)
  const url = new URL('/graphql', exchange.url)
  const deadline = startDeadline(signal, deadlineMs)
  exchange.signal = deadline.signal
  exchange.bodyText = posted.body
  exchange.url = url
  exchange.request = new Request(url, { method: 'POST', headers, body: posted.body, signal })
  return next().finally(deadline.clear)
}

export const isStream = ({ headers }: Response): boolean =>
  headers.get('content-type')?.startsWith(eventType) ?? false

const silenceMs = 120_000
const eventBytesMax = 64 * 1_048_576

/** Puts the events of one operation on the line, each when the one before is on its way. */
export async function pumped(response: Response, line: Line, { id, signal }: PumpedAs) {
  const { body } = response
  if (!body) return
  for await (const event of eventsIn(body, { signal, silenceMs, eventBytesMax })) {
    const place = event.id === null ? '' : `id: ${event.id && `${id} ${event.id}`}\n`
    if (event.data === null) await line.write(`:\n${place}\n`)
    else await line.write(`event: next\n${place}data: {"id":"${id}","payload":${event.data}}\n\n`)
  }
  if (!signal.aborted) await line.write(`event: complete\ndata: {"id":"${id}"}\n\n`)
}

type PumpedAs = { readonly id: string; readonly signal: AbortSignal }
