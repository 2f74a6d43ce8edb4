import { RedisClient } from 'bun'
import type { Log } from '#kit/log'

/** The one thing that is asked of a client of Redis or Valkey. */
export type RedisCommands = { send(command: string, args: string[]): Promise<unknown> }

export type Redis = RedisCommands & { close(): void }

const answerMs = 500
const againMs = 1_000

/**
 * One connection to Redis or Valkey. While it is away a command rejects at once, or within half a
 * second, and a new connection is tried every second that somebody asks; the log says so once.
 */
export function connectRedis({
  url,
  log,
}: {
  url: string
  log: Pick<Log, 'warn' | 'info'>
}): Redis {
  const client = new RedisClient(url, {
    connectionTimeout: answerMs,
    autoReconnect: false,
    enableOfflineQueue: false,
  })
  let triedAt = Number.NEGATIVE_INFINITY
  let connecting: Promise<void> | null = null
  let isAway = false
  const away = (cause: unknown) => {
    if (!isAway) log.warn('Redis is out of reach; every instance goes on by itself', cause)
    isAway = true
  }
  const connect = () => {
    if (performance.now() - triedAt < againMs) throw new Error('Redis is out of reach.')
    triedAt = performance.now()
    connecting = client
      .connect()
      .then(() => {
        if (isAway) log.info('Redis is there again')
        isAway = false
      })
      .finally(() => {
        connecting = null
      })
    return connecting
  }
  return {
    send: async (command, args) => {
      const late = Promise.withResolvers<never>()
      const timer = setTimeout(() => late.reject(new Error('Redis did not answer.')), answerMs)
      const work = async () => {
        if (!client.connected) await (connecting ?? connect())
        return client.send(command, args)
      }
      try {
        return await Promise.race([work(), late.promise])
      } catch (cause) {
        away(cause)
        throw cause
      } finally {
        clearTimeout(timer)
      }
    },
    close: () => client.close(),
  }
}
