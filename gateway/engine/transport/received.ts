import { eventsIn } from './event-stream.ts'
import { faultFrom, SubgraphFault } from './fault.ts'
import { eventType } from './sent.ts'
import type { AnswerText, SubgraphEvent } from './transport.ts'

export type Receiving = {
  readonly signal: AbortSignal
  readonly answerBytesMax: number
  /** Whether a refusal (401) is of credentials that we made. */
  readonly credentialsAreOurs: boolean
}

const readableTypes = /^(application\/(graphql-response\+)?json|text\/event-stream)\b/

/**
 * The text of a response. A 4xx that is JSON is an answer too: what is wrong stands in its errors.
 * Throws SubgraphFault.
 */
export function received(response: Response, receiving: Receiving): Promise<string> | AnswerText {
  const type = response.headers.get('content-type') ?? ''
  const isReadable = readableTypes.test(type)
  if (response.status === 429) return throttled(response, isReadable, receiving)
  const why = isReadable && response.status === 200 ? null : refusalOf(response, type, receiving)
  if (why) {
    letGo(response)
    throw why
  }
  return type.startsWith(eventType)
    ? eventsOf(response, receiving)
    : textWithin(response, receiving)
}

/** Why a response is no answer, going by its head; null when it is one. */
function refusalOf({ status }: Response, type: string, { credentialsAreOurs }: Receiving) {
  if (status >= 500) return new SubgraphFault('server', `status ${status}`)
  // Our key or clock is wrong then; the caller can do nothing about it.
  if (status === 401 && credentialsAreOurs)
    return new SubgraphFault('unreadable', 'the identity token was refused')
  // Our credentials are for the place that is configured, and for no other.
  if (status >= 300 && status < 400)
    return new SubgraphFault('unreadable', `status ${status}, a redirect`)
  if (readableTypes.test(type)) return null
  return new SubgraphFault('unreadable', `status ${status}, content type ${type}`)
}

/** A body that nobody reads would keep its connection, or its producer, busy. */
const letGo = ({ body }: Response) => void body?.cancel().catch(() => {})

async function throttled(
  response: Response,
  isJson: boolean,
  receiving: Receiving,
): Promise<never> {
  try {
    const answer = isJson ? await textWithin(response, receiving) : null
    const retryAfterMs = pauseFrom(response.headers.get('retry-after'))
    throw new SubgraphFault('throttled', 'status 429', { answer, retryAfterMs })
  } finally {
    letGo(response)
  }
}

/** Seconds or a date; null when it says neither. Source: RFC 9110, 10.2.3. */
function pauseFrom(retryAfter: string | null): number | null {
  if (retryAfter === null) return null
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter) * 1_000
  const at = Date.parse(retryAfter)
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now())
}

const tooLong = (bytesMax: number) =>
  new SubgraphFault('unreadable', `the answer is longer than ${bytesMax} bytes`)

type Bounds = Pick<Receiving, 'signal' | 'answerBytesMax'>

/**
 * An announced length is that of the text unless it is compressed, and then or without one what
 * arrives is counted: reading piece by piece costs more than the whole.
 */
function textWithin(response: Response, bounds: Bounds): Promise<string> {
  const { headers } = response
  const { answerBytesMax } = bounds
  const announced = headers.get('content-encoding') ? null : headers.get('content-length')
  if (announced !== null && Number(announced) > answerBytesMax) {
    letGo(response)
    throw tooLong(answerBytesMax)
  }
  // A response makes its stream when it is looked at, which costs more than to read the text.
  if (announced === null && response.body) return textOf(response.body, bounds)
  // Within this process nothing makes a room keep to the length that it announced.
  return response.text().then((text) => {
    if (text.length > answerBytesMax) throw tooLong(answerBytesMax)
    return text
  })
}

/** Lets go of the body as soon as the signal aborts: it may come to no end by itself. */
async function textOf(body: ReadableStream<Uint8Array>, { signal, answerBytesMax }: Bounds) {
  const reader = body.getReader()
  const cancel = () => void reader.cancel().catch(() => {})
  signal.addEventListener('abort', cancel, { once: true })
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      length += next.value.byteLength
      if (length > answerBytesMax) throw tooLong(answerBytesMax)
      chunks.push(next.value)
    }
  } catch (cause) {
    cancel()
    throw cause
  } finally {
    signal.removeEventListener('abort', cancel)
  }
  signal.throwIfAborted()
  return Buffer.concat(chunks, length).toString('utf8')
}

/** A subgraph sends a comment every 15 seconds; one that missed several is gone. */
const silenceMs = 60_000

function eventsOf({ body }: Response, streaming: Bounds): AsyncIterable<SubgraphEvent> {
  if (!body) throw new SubgraphFault('unreadable', 'a stream without a body')
  // For one that nobody has begun to read; the reader of another one does it.
  const cancel = () => void body.cancel().catch(() => {})
  streaming.signal.addEventListener('abort', cancel, { once: true })
  return readableEvents(body, streaming)
}

async function* readableEvents(
  body: ReadableStream<Uint8Array>,
  { signal, answerBytesMax }: Bounds,
): AsyncGenerator<SubgraphEvent, void> {
  try {
    yield* eventsIn(body, { signal, eventBytesMax: answerBytesMax, silenceMs })
  } catch (cause) {
    if (!signal.aborted) throw faultFrom(cause)
  }
}
