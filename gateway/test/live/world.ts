import { memoryStream } from '#kit/test/bus.memory'
import { startFeed, startNotes, told } from './feed.ts'
import { type Instance, startInstance } from './instance.ts'

type InstanceOptions = Partial<Parameters<typeof startInstance>[0]>
export type WorldOptions = InstanceOptions & { readonly twin?: boolean }

/** A feed that may be killed, and as many instances of a gateway as a test wants. */
export async function startWorld({ twin = false, ...options }: WorldOptions = {}) {
  const bus = memoryStream()('feed')
  let feed = await startFeed({ bus, twin })
  const notes = startNotes()
  const server = Bun.serve({ port: 0, idleTimeout: 0, fetch: (request) => feed.fetch(request) })
  const servers: Bun.Server<undefined>[] = [server]
  const url = `http://127.0.0.1:${server.port}/graphql`
  const start = (more: InstanceOptions = {}): Promise<Instance> =>
    startInstance({ subgraphs: { feed: { url }, notes }, ...options, ...more })
  /** The same behind a port, as the person whom a header names. */
  const serve = async (more: InstanceOptions = {}) => {
    let instance: Instance | null = null
    const port = Bun.serve({
      port: 0,
      idleTimeout: 0,
      fetch: async (request) =>
        (await instance?.send(request, request.headers.get('x-person'))) ?? new Response(),
    })
    servers.push(port)
    const origin = `http://127.0.0.1:${port.port}`
    instance = await start({ url: origin, ...more })
    return { ...instance, origin, close: () => port.stop(true) }
  }
  return {
    bus,
    start,
    serve,
    opened: () => feed.opened(),
    listening: () => feed.listening(),
    tell: (channel: string, ...numbers: number[]) =>
      bus.publish(numbers.map((number) => told(channel, number))),
    /** What listens is cut off, as when a process is killed. */
    restart: async () => {
      const before = feed
      feed = await startFeed({ bus, twin })
      await before.stop()
    },
    stop: async () => {
      await feed.stop()
      for (const one of servers) await one.stop(true)
    },
  }
}

export type World = Awaited<ReturnType<typeof startWorld>>
