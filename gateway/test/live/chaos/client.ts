import { eventsIn } from '../../../engine/transport/event-stream.ts'

type Follow = {
  readonly channel: string
  /** One after the other, when the one before is lost. */
  readonly origins: readonly string[]
  readonly first: number
  /** A client that does not remember where it was: the twin. */
  readonly forgets: boolean
  readonly signal: AbortSignal
}

const document = 'subscription ($channel: String!) { told(channel: $channel) { number text } }'

/** What one client was told, and what it took to be told. */
export type Followed = {
  readonly seen: number[]
  connections: number
  /** How often it was told that it has missed something. */
  missed: number
  isPlaced: boolean
}

const numberOf = (text: string): unknown => Object(Object(JSON.parse(text).data).told).number

/** Follows a channel through whatever happens, as a browser would: by the last id that it has seen. */
export function follow({ channel, origins, first, forgets, signal }: Follow): Followed {
  const followed: Followed = { seen: [], connections: 0, missed: 0, isPlaced: false }
  let lastId = ''

  async function once() {
    const origin = origins[(first + followed.connections) % origins.length]
    followed.connections += 1
    const response = await fetch(`${origin}/graphql`, {
      method: 'POST',
      signal,
      headers: {
        accept: 'text/event-stream',
        'content-type': 'application/json',
        ...(lastId !== '' && !forgets && { 'last-event-id': lastId }),
      },
      body: JSON.stringify({ query: document, variables: { channel } }),
    })
    if (response.status === 410) {
      followed.missed += 1
      lastId = ''
    }
    if (!response.ok || !response.body) return
    const reading = { signal, eventBytesMax: 100_000, silenceMs: 20_000 }
    for await (const { data, id } of eventsIn(response.body, reading)) {
      lastId = id ?? lastId
      followed.isPlaced ||= lastId !== '' || forgets
      const number = data === null ? null : numberOf(data)
      if (typeof number === 'number') followed.seen.push(number)
    }
  }

  const run = async () => {
    while (!signal.aborted) {
      await once().catch(() => {})
      await Bun.sleep(20 + Math.random() * 180)
    }
  }
  void run()
  return followed
}
