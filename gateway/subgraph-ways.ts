import { createMinter } from '#kit/identity-token'
import type { GatewayAppDeps } from './app-deps.ts'
import { mintedBy } from './engine/transport/credentials.ts'
import { transportTo } from './engine/transport/index.ts'
import { observedBy } from './engine/transport/observed.ts'
import type { Transport } from './engine/transport/transport.ts'
import { type Neighbour, neighbourAt } from './http/forward.ts'

export const neighboursOf = ({ config, rooms }: GatewayAppDeps): Map<string, Neighbour> =>
  new Map(
    config.subgraphs.map(({ name, url }) => {
      const room = rooms?.get(name)
      return [name, room ? (request) => room.fetch(request) : neighbourAt(url)]
    }),
  )

export function transportsOf({ config, rooms, log, metrics, now }: GatewayAppDeps) {
  const minter = createMinter({ privateJwk: config.identityPrivateJwk, now })
  const deps = {
    ...{ credentials: mintedBy(minter), log, now },
    ...{ settings: config.transport, observer: observedBy(metrics) },
  }
  return new Map<string, Transport>(
    config.subgraphs.map(({ name, url }) => {
      const room = rooms?.get(name)
      const way = room ? { fetch: (request: Request) => room.fetch(request) } : { url }
      return [name, transportTo({ name, ...way }, deps)]
    }),
  )
}
