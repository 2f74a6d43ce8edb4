import { type DocumentNode, type GraphQLSchema, parse, subscribe } from 'graphql'
import { iso, type MockGraph } from './mock-graph.ts'
import type { MockBooking, MockState } from './mock-state.ts'

type Event = { booking: MockBooking; kind: string }

/** What happens to bookings from now on, one after the other. */
async function* changes(state: MockState): AsyncGenerator<Event> {
  const waiting: Event[] = []
  let wake = () => {}
  const listener = (event: Event) => {
    waiting.push(event)
    wake()
  }
  state.listeners.add(listener)
  try {
    for (;;) {
      const next = waiting.shift()
      if (next) yield next
      else await new Promise<void>((resolve) => (wake = resolve))
    }
  } finally {
    state.listeners.delete(listener)
  }
}

let count = 0
const eventRow = ({ bookingRow }: MockGraph, { booking, kind }: Event) => {
  count += 1
  return { id: `event-${count}`, kind, at: iso(Date.now()), booking: bookingRow(booking) }
}

/** The root of subscriptions, for graphql-js. */
export const liveRoot = (graph: MockGraph) => ({
  async *bookingChanged({ bookingId }: { bookingId: string }) {
    const booking = graph.state.bookings.find(({ id }) => id === bookingId)
    if (!booking) return
    const row = (event: Event) => ({ bookingChanged: eventRow(graph, event) })
    yield row({ booking, kind: 'CURRENT' })
    for await (const event of changes(graph.state)) if (event.booking === booking) yield row(event)
  },
  async *coachCalendarChanged() {
    for await (const event of changes(graph.state))
      yield { coachCalendarChanged: eventRow(graph, event) }
  },
})

const encode = (text: string) => new TextEncoder().encode(text)
const heartbeatMs = 1_000

type Asked = { schema: GraphQLSchema; source: string; variables: Record<string, unknown> }

/** A subscription as the gateway streams it (graphql-sse, distinct connections); `open` keeps what can be cut. */
export async function streamed(graph: MockGraph, asked: Asked, open: Set<() => void>) {
  const document: DocumentNode = parse(asked.source)
  const variableValues = asked.variables
  const { schema } = asked
  const results = await subscribe({ schema, document, rootValue: liveRoot(graph), variableValues })
  if (!(Symbol.asyncIterator in results)) return Response.json(results)
  let end = () => {}
  const body = new ReadableStream<Uint8Array>({
    async start(stream) {
      const beat = setInterval(() => stream.enqueue(encode(':\n\n')), heartbeatMs)
      const cut = () => {
        end()
        stream.close()
      }
      end = () => {
        clearInterval(beat)
        open.delete(cut)
        void results.return?.()
      }
      open.add(cut)
      stream.enqueue(encode(':\n\n'))
      for await (const result of results) {
        if (!open.has(cut)) return
        stream.enqueue(encode(`event: next\ndata: ${JSON.stringify(result)}\n\n`))
      }
    },
    cancel: () => end(),
  })
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
}
