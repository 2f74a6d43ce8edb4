import { expect, test } from 'bun:test'
import { type Checks, createHealth } from '../health.ts'
import { createLog } from '../log.ts'

const setUp = (checks: Checks) => {
  const messages: string[] = []
  const write = (line: string) => void messages.push(JSON.parse(line).message.split('\n')[0])
  const log = createLog({ service: 'users', write })
  return { messages, health: createHealth({ checks, log, timeoutMs: 20 }) }
}

test('ready when every check passes', async () => {
  const { health } = setUp({ postgres: async () => {}, bus: async () => {} })
  const response = await health.ready()
  expect(response.status).toBe(200)
  expect(await response.json()).toEqual({
    status: 'ready',
    checks: { postgres: 'ok', bus: 'ok' },
  })
})

test('a failing check is named without its reason, and logged once until it passes again', async () => {
  let down = true
  const postgres = async () => {
    if (down) throw new Error('password authentication failed for user svc_users')
  }
  const { health, messages } = setUp({ postgres, bus: async () => {} })
  const response = await health.ready()
  expect(response.status).toBe(503)
  expect(await response.json()).toEqual({
    status: 'not ready',
    checks: { postgres: 'failing', bus: 'ok' },
  })
  await health.ready()
  down = false
  expect((await health.ready()).status).toBe(200)
  expect(messages).toEqual([
    'Readiness check postgres fails: Error: password authentication failed for user svc_users',
    'Readiness check postgres passes again',
  ])
})

test('what works, and not as it should, is ready and says so', async () => {
  const { health, messages } = setUp({ postgres: async () => {}, engine: async () => 'degraded' })
  const response = await health.ready()
  expect(response.status).toBe(200)
  expect(await response.json()).toEqual({
    status: 'degraded',
    checks: { postgres: 'ok', engine: 'degraded' },
  })
  expect(messages).toEqual([])
})

test('a check that never answers fails in time', async () => {
  const { health, messages } = setUp({ postgres: () => new Promise(() => {}) })
  expect((await health.ready()).status).toBe(503)
  expect(messages[0]).toContain('no answer in 20 ms')
})

test('a draining service is alive and not ready', async () => {
  const { health } = setUp({})
  health.drain()
  expect((await health.ready()).status).toBe(503)
  expect(health.live().status).toBe(200)
})
