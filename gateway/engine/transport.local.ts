import { requireAnswer, type Transport, type TransportDeps, transportOver } from './transport.ts'

export type LocalDeps = TransportDeps & {
  readonly fetch: (request: Request) => Promise<Response>
}

/**
 * A subgraph in this process: the same request, without a socket. What has begun there is not cut
 * short.
 */
export const localTransport = (deps: LocalDeps): Transport =>
  transportOver(deps, async (init) => {
    const response = await deps.fetch(new Request(`http://${deps.name}.local/graphql`, init))
    requireAnswer(response)
    return response.text()
  })
