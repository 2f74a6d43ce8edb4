import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RedisClient } from 'bun'
import { freePort } from '../ports.ts'
import { until } from './system.ts'

const programPath: string | null = Bun.which('redis-server') ?? Bun.which('valkey-server')

/** Why tests with Redis cannot run, or null when they can. Where `CI=true`, a missing one is a failure. */
export function redisMissing(ci: boolean): string | null {
  if (programPath) return null
  if (ci) throw new Error('CI=true needs Redis or Valkey: install redis-server.')
  return 'no Redis or Valkey on this machine'
}

export type TestRedis = { readonly url: string; readonly port: number; stop(): Promise<void> }

/** A server of its own, which writes nothing to a disk; on a free port where none is named. */
export async function startRedis(onPort?: number): Promise<TestRedis> {
  if (!programPath) throw new Error('There is no Redis on this machine.')
  const port = onPort ?? (await freePort())
  const folder = await mkdtemp(join(tmpdir(), 'plexus-redis-'))
  const settings = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder]
  const child = Bun.spawn([programPath, '--port', String(port), ...settings], {
    stdio: ['ignore', 'ignore', 'ignore'],
  })
  const url = `redis://127.0.0.1:${port}`
  await until(() => isAnswering(url))
  return {
    ...{ url, port },
    stop: async () => {
      child.kill()
      await child.exited
      await rm(folder, { recursive: true })
    },
  }
}

async function isAnswering(url: string): Promise<boolean> {
  const client = new RedisClient(url, { autoReconnect: false, connectionTimeout: 500 })
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    client.close()
  }
}
