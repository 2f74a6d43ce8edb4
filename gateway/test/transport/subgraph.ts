import { OperationTypeNode } from 'graphql'
import { createLog } from '#kit/log'
import { createMetrics } from '#kit/metrics'
import type { Credentials } from '../../engine/transport/credentials.ts'
import { type TransportDeps, transportTo } from '../../engine/transport/index.ts'
import { observedBy } from '../../engine/transport/observed.ts'
import type { Transport } from '../../engine/transport/transport.ts'
import { type Exchange, exchangeOf } from '../../exchange.ts'

export type Way = 'local' | 'http'
export const ways: readonly Way[] = ['local', 'http']

/** One request that has arrived; it is answered when the test says so. */
export type Arrived = {
  readonly request: Request
  readonly body: string
  answer(response?: Response): void
  /** Settled as soon as whoever asked has left. */
  readonly left: Promise<void>
}

export const answerText = '{"data":{"n":1}}'
const jsonHeaders = { 'content-type': 'application/json' }

export const jsonOf = (text = answerText, init: ResponseInit = {}) =>
  new Response(text, { ...init, headers: { ...jsonHeaders, ...init.headers } })

/** Nobody's credentials: a test says in a header who asks. */
const nobodys: Credentials = {
  areOurs: false,
  headersFor: ({ request }): Record<string, string> => {
    const caller = request.headers.get('x-caller')
    return caller === null ? {} : { 'x-caller': caller }
  },
}

type Options = {
  readonly way?: Way
  /** Answers at once; without it a request waits for the test. */
  readonly respond?: (request: Request, number: number) => Response | Promise<Response>
  readonly deps?: Partial<TransportDeps>
  readonly settings?: TransportDeps['settings']
}

/** A subgraph, and the transport to it. */
export function startSubgraph({ way = 'local', respond, deps, settings = {} }: Options = {}) {
  const arrived: Arrived[] = []
  const lines: string[] = []
  const metrics = createMetrics('gateway', { ofProcess: false })
  const fetch = async (request: Request): Promise<Response> => {
    const left = new Promise<void>((resolve) => {
      request.signal.addEventListener('abort', () => resolve(), { once: true })
    })
    const answered = Promise.withResolvers<Response>()
    const answer = (response = jsonOf()) => answered.resolve(response)
    arrived.push({ request, body: await request.text(), answer, left })
    return respond ? respond(request, arrived.length) : answered.promise
  }
  const server = way === 'http' ? Bun.serve({ port: 0, idleTimeout: 0, fetch }) : null
  const target = server ? { url: `http://127.0.0.1:${server.port}/graphql` } : { fetch }
  const transport: Transport = transportTo(
    { name: 'shop', ...target },
    {
      ...{ credentials: nobodys, settings, observer: observedBy(metrics) },
      log: createLog({ service: 'gateway', write: (line) => lines.push(line) }),
      ...deps,
    },
  )
  return {
    arrived,
    lines,
    metrics,
    ask: (asked: Asked = {}) => ask(transport, asked),
    stop: async () => {
      for (const one of arrived) one.answer()
      await server?.stop(true)
    },
  }
}

export type Asked = {
  readonly body?: string
  readonly kind?: OperationTypeNode
  readonly caller?: string
  readonly signal?: AbortSignal
  readonly requestId?: string
}

function ask(transport: Transport, { body = '{"query":"{n}"}', kind, ...caller }: Asked) {
  return transport({ body, kind: kind ?? OperationTypeNode.QUERY }, exchangeFor(caller))
}

export function exchangeFor({ caller, signal, requestId = 'request-1' }: Asked): Exchange {
  const headers = caller === undefined ? {} : { 'x-caller': caller }
  const request = new Request('http://gateway.local/graphql', { headers })
  const info = { requestId, clientAddress: '192.0.2.7' }
  return exchangeOf(request, info, signal ?? new AbortController().signal)
}

/** One value of the metrics; 0 when it was never set. */
export async function metricOf(metrics: { text(): Promise<string> }, line: RegExp) {
  const lines = (await metrics.text()).split('\n').filter((one) => !one.startsWith('#'))
  const found = lines.find((one) => line.test(one))
  return Number(found?.split(' ').at(-1) ?? 0)
}
