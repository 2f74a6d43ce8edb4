import type { Harness, Variables, Viewer } from './harness.ts'

export type Streamed = {
  readonly event: string
  readonly data: {
    data: Record<string, unknown> | null
    errors?: { extensions: { code: string } }[]
  }
}

/** A stream as the gateway opens one; `read` gives the blocks as they come. */
export type Stream = {
  readonly response: Response
  /** The next event; rejects after five seconds, or when the stream breaks or ends without one. */
  next(): Promise<Streamed>
  /** Comments that came so far. */
  comments(): number
  /** The caller goes away. */
  leave(): Promise<void>
}

const within = <T>(promise: Promise<T>) => {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error('Nothing came within twenty seconds.')), 20_000)
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

const lineOf = (block: string, field: string) =>
  block
    .split('\n')
    .find((line) => line.startsWith(`${field}:`))
    ?.slice(field.length + 1)
    .trim() ?? ''

function reading(response: Response): Stream {
  if (!response.body) throw new Error('The answer has no body.')
  const reader = response.body.getReader()
  const decoder = new TextDecoder()
  const blocks: string[] = []
  let text = ''
  let comments = 0
  async function next(): Promise<Streamed> {
    const block = blocks.shift()
    if (block?.startsWith(':')) comments += 1
    else if (block) {
      const data = lineOf(block, 'data')
      return { event: lineOf(block, 'event'), data: data ? JSON.parse(data) : null }
    }
    if (block) return next()
    const { done, value } = await reader.read()
    if (done) throw new Error('The stream has ended.')
    text += decoder.decode(value, { stream: true })
    const whole = text.split('\n\n')
    text = whole.pop() ?? ''
    blocks.push(...whole)
    return next()
  }
  return {
    response,
    next: () => within(next()),
    comments: () => comments,
    leave: () => reader.cancel(),
  }
}

type Operation = { query: string; variables: Variables }

/** Sends a subscription to the subgraph as the gateway does. */
export async function send(
  { target }: Harness,
  viewer: Viewer | null,
  { accept = 'text/event-stream', ...body }: Operation & { accept?: string },
): Promise<Response> {
  const token = await target.minter.mint(viewer, target.name)
  return target.fetch(
    new Request('http://bookings/graphql', {
      method: 'POST',
      headers: { accept, 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    }),
  )
}

export const subscribe = async (it: Harness, viewer: Viewer | null, operation: Operation) =>
  reading(await send(it, viewer, operation))
