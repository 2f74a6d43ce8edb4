import { type Transport, type TransportDeps, transportOver } from './transport.ts'

export type LocalDeps = TransportDeps & {
  readonly fetch: (request: Request) => Promise<Response>
}

/**
 * A subgraph in this process: the same request, without a socket. A stream ends with its reader;
 * what else has begun there is not cut short.
 */
export const localTransport = ({ fetch, ...deps }: LocalDeps): Transport =>
  transportOver({ ...deps, answerBytesMax: Number.POSITIVE_INFINITY }, (init, signal, isStream) =>
    fetch(new Request(`http://${deps.name}.local/graphql`, isStream ? { ...init, signal } : init)),
  )
