import type { Way } from './subgraph.ts'

/** What a sick subgraph does with a request, and what its fields then say. */
export type Sickness = {
  readonly ways: readonly Way[]
  /** Whether only the deadline ends it. */
  readonly hangs: boolean
  /** Whether a query is worth asking again. */
  readonly mayPass: boolean
  /** Where it is, when no server of ours is there. */
  readonly url?: string
  /** On the bare connection, once a request has arrived. */
  readonly onSocket?: (socket: Line) => void
  readonly respond?: (patient: Patient) => Response | Promise<Response>
}

type Line = { write(text: string): unknown; end(): unknown; terminate(): unknown }

/** One request as the subgraph holds it. */
export type Patient = {
  readonly signal: AbortSignal
  /** Told once nothing of it is left here. */
  readonly over: () => void
}

const both: readonly Way[] = ['local', 'http']
const overHttp: readonly Way[] = ['http']
const json = { 'content-type': 'application/json' }
const fast = { hangs: false, mayPass: false, ways: both }
const hanging = { hangs: true, mayPass: false, ways: both }

const at = (over: () => void, response: Response) => {
  over()
  return response
}

/** Nothing, until whoever asked has left. */
const untilLeft = ({ signal, over }: Patient) =>
  new Promise<Response>((resolve) => {
    const leave = () => resolve(at(over, Response.json({ data: null })))
    signal.addEventListener('abort', leave, { once: true })
  })

/** Begins well, and goes on byte by byte for ever. */
function trickle({ over }: Patient): Response {
  let timer: ReturnType<typeof setInterval> | undefined
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      controller.enqueue(new TextEncoder().encode('{"data":'))
      timer = setInterval(() => controller.enqueue(new TextEncoder().encode(' ')), 5)
    },
    cancel: () => {
      clearInterval(timer)
      over()
    },
  })
  return new Response(body, { headers: json })
}

const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n'

export const sicknesses: Readonly<Record<string, Sickness>> = {
  latency: { ...hanging, respond: untilLeft },
  freeze: { ...hanging, ways: overHttp, onSocket: () => {} },
  'a slow body': { ...hanging, respond: trickle },
  'a frozen body': {
    ...{ ...hanging, ways: overHttp },
    onSocket: (socket) => void socket.write(`${head}{"data":`),
  },
  reset: { ...fast, mayPass: true, ways: overHttp, onSocket: (socket) => void socket.terminate() },
  'a crash': {
    ...{ ...fast, mayPass: true, ways: ['local'] },
    respond: ({ over }) => {
      over()
      throw new Error('password=hunter2')
    },
  },
  'a body that is cut off': {
    ...{ ...fast, mayPass: true, ways: overHttp },
    onSocket: (socket) => {
      socket.write(`${head}{"data":`)
      socket.end()
    },
  },
  'truncated JSON': {
    ...fast,
    respond: ({ over }) => at(over, new Response('{"data":{"st', { headers: json })),
  },
  'the wrong content type': {
    ...fast,
    respond: ({ over }) =>
      at(over, new Response('<h1>hi</h1>', { headers: { 'content-type': 'text/html' } })),
  },
  '5xx': {
    ...{ ...fast, mayPass: true },
    respond: ({ over }) =>
      at(over, Response.json({ errors: [{ message: 'Down.' }] }, { status: 500 })),
  },
  '429': {
    ...{ ...fast, mayPass: true },
    respond: ({ over }) => at(over, new Response('slowly', { status: 429 })),
  },
  '429 for a long time': {
    ...fast,
    respond: ({ over }) =>
      at(over, new Response('slowly', { status: 429, headers: { 'retry-after': '3600' } })),
  },
  'a name that is not known': { ...fast, ways: overHttp, url: 'http://nowhere.invalid/graphql' },
}

/** A server of bare connections. */
export function listenBarely(onSocket: NonNullable<Sickness['onSocket']>) {
  let requests = 0
  let open = 0
  const server = Bun.listen({
    hostname: '127.0.0.1',
    port: 0,
    socket: {
      open: () => {
        open += 1
      },
      close: () => {
        open -= 1
      },
      data: (socket, bytes) => {
        if (!bytes.toString().startsWith('POST ')) return
        requests += 1
        onSocket(socket)
      },
    },
  })
  return {
    url: `http://127.0.0.1:${server.port}/graphql`,
    requests: () => requests,
    open: () => open,
    stop: () => server.stop(true),
  }
}
