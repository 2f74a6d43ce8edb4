import { type Transport, type TransportDeps, transportOver } from './transport.ts'

export type HttpDeps = TransportDeps & {
  readonly url: string
  readonly answerBytesMax: number
}

/** A subgraph across the network. Bun keeps its connections alive from request to request. */
export const httpTransport = ({ url, ...deps }: HttpDeps): Transport =>
  transportOver(deps, (init, signal) => fetch(url, { ...init, signal, redirect: 'error' }))
