import { createLog } from '#kit/log'
import { createMetrics } from '#kit/metrics'
import { type Running, serve } from '#kit/serve'
import type { Service } from '#kit/service'
import type { Door } from '../system.ts'

const log = createLog({ service: 'door', level: 'silent' })

const serveRoom = (name: string, room: Service, port: number): Promise<Running> =>
  serve({
    ...{ service: name, port, portSetting: 'PORT', log, metrics: createMetrics(name) },
    ...{ fetch: (request) => room.fetch(request), checks: room.checks, drainMs: 200 },
  })

/** Rooms on ports of their own, which can be closed and opened again while the gateway runs. */
export function createDoors() {
  const running = new Map<string, Running>()
  const rooms = new Map<string, Service>()

  const reopen = async (name: string, port: number) => {
    const room = rooms.get(name)
    if (!room) throw new Error(`There is no room ${name}.`)
    const server = await serveRoom(name, room, port)
    running.set(name, server)
    return server
  }

  return {
    open: async (name: string, room: Service): Promise<Door> => {
      rooms.set(name, room)
      const { url } = await reopen(name, 0)
      const stop = async () => running.get(name)?.stop()
      return { url: `http://127.0.0.1:${url.port}/graphql`, stop }
    },
    /** Closes the port until the function that it gives is called. */
    cutOff: async (name: string) => {
      const server = running.get(name)
      await server?.stop()
      return async () => void (await reopen(name, Number(server?.url.port)))
    },
  }
}
