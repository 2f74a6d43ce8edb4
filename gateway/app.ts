import { createStartDoor } from '#kit/start-door'
import type { GatewayApp, GatewayAppDeps } from './app-deps.ts'
import { openParts } from './app-parts.ts'
import { stagesOf } from './app-stages.ts'
import { answeredInTime } from './deadline.ts'
import { loadEngine } from './engine/engines.ts'
import { exchangeOf } from './exchange.ts'
import { createGateway } from './gateway.ts'
import { portsOf, readinessOf } from './ports.ts'
import { liveGraphOf, type ServedGraph } from './served-graph.ts'
import { watchFile } from './watched-file.ts'

/**
 * The whole gateway. Rejects when the graph or its operations cannot be used, or a rule is not in
 * force.
 */
export async function createGatewayApp(deps: GatewayAppDeps): Promise<GatewayApp> {
  const { config } = deps
  const parts = await openParts(deps, () => live.current())
  const loaded = await loadEngine(config.engine, deps)
  const live: ServedGraph = await liveGraphOf(deps, parts, loaded)
  const { stages, kept } = stagesOf(deps, parts, live)
  const gateway = createGateway(stages)
  const fetch: GatewayApp['fetch'] = (request, info) =>
    answeredInTime(request, config.limits.deadlineMs, (signal) =>
      gateway(exchangeOf(request, info, signal)),
    )
  const checks = { ...readinessOf(parts.sql), engine: loaded.check }
  const door = createStartDoor()
  const ports = portsOf(deps, door.guard(fetch), { ...door.checks, ...checks })
  const { supergraphFile: file, pollMs } = config
  const watched = watchFile({ file, pollMs, log: deps.log, offer: live.offer })
  const stop = async () => {
    watched.stop()
    const closed = ports.close()
    // Until the port closes a stream is better off here than with whoever starts in our place.
    await Bun.sleep(config.noticeMs)
    parts.graph.streams.drain()
    await closed
    await kept?.stop()
    await parts.stop()
  }
  return {
    fetch,
    start: async () => {
      try {
        // First, so that whoever watches sees a process that lives and is not ready.
        await ports.open()
        await parts.start()
        await kept?.start()
        door.open()
      } catch (error) {
        // Nothing stays open behind a taken port.
        await stop()
        throw error
      }
    },
    stop,
    reload: async () => {
      await parts.reload()
      await watched.look()
    },
  }
}
