import { createServer, type Server } from 'node:net'

/** Below the ports that systems give to outgoing connections, any of which may take one next. */
const portsFrom = 10_000
const portsUntil = 32_000

/** A row of ports belongs to the process that listens on the first of them. */
const rowLength = 20
const rows = (portsUntil - portsFrom) / rowLength
/** Kept, so that none is collected while the process runs. */
const holders: Server[] = []

/** Null when nobody could listen there now. */
const listenOn = (port: number) =>
  new Promise<Server | null>((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(null))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve(server))
  })

/** Whether a program could listen on this port of the machine now. */
export async function isFree(port: number): Promise<boolean> {
  const server = await listenOn(port)
  if (!server) return false
  await new Promise((closed) => server.close(closed))
  return true
}

/** The listener keeps no process running; the kernel closes it when the process ends, also when it is killed. */
async function takeRow(): Promise<number> {
  for (let tries = 0; tries < 100 * rows; tries += 1) {
    const first = portsFrom + rowLength * Math.floor(Math.random() * rows)
    const holder = await listenOn(first)
    if (holder) {
      holders.push(holder.unref())
      return first
    }
  }
  throw new Error(`No row of ports from ${portsFrom} to ${portsUntil} can be had.`)
}

async function* ownPorts(): AsyncGenerator<number, never> {
  for (;;) {
    const first = await takeRow()
    for (let port = first + 1; port < first + rowLength; port += 1) {
      if (await isFree(port)) yield port
    }
  }
}

const ports = ownPorts()

/**
 * A port that no program listens on, and that `freePort` gives to no other process while this one runs: it may be
 * listened on much later, and again after a restart. Never the same twice.
 */
export const freePort = async (): Promise<number> => (await ports.next()).value
