import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { createLog } from '#kit/log'
import { createMetrics } from '#kit/metrics'
import { type Running, serve } from '#kit/serve'
import { freePort } from '../ports.ts'
import { holdSlot, offerSessions, slotsOf } from '../testing/coach.ts'
import type { Person } from '../testing/person.ts'
import { type TestSystem, testSystem, until } from '../testing/system.ts'

type Held = {
  holdSlot: { __typename: string; booking?: { id: string }; alternatives?: { start: string }[] }
}

let system: TestSystem
let clients: Person[]
const gateways: { url: string; child: Bun.Subprocess }[] = []
const ports: Running[] = []

/** The subgraphs over HTTP, and gateways that are processes of their own, as in a cluster. */
async function startGatewayProcesses(count: number) {
  const log = createLog({ service: 'race', level: 'silent' })
  const urls: string[] = []
  for (const [name, room] of system.system.rooms) {
    const metrics = createMetrics(name)
    const served = await serve({
      ...{ service: name, port: 0, portSetting: 'PORT', log, metrics, fetch: room.fetch },
    })
    ports.push(served)
    urls.push(`${name}=${served.url.origin.replace('localhost', '127.0.0.1')}/graphql`)
  }
  for (let index = 0; index < count; index += 1) {
    const port = await freePort()
    const env = {
      ...system.environments.gateway,
      GATEWAY_PORT: String(port),
      GATEWAY_METRICS_PORT: '0',
      SUBGRAPH_URLS: urls.join(','),
      LOG_LEVEL: 'warn',
    }
    const main = join(import.meta.dir, '../../gateway/main.ts')
    const child = Bun.spawn([process.execPath, main], { env, stdout: 'ignore', stderr: 'inherit' })
    gateways.push({ url: `http://127.0.0.1:${port}`, child })
  }
  for (const { url } of gateways) {
    await until(async () => (await fetch(`${url}/readyz`).catch(() => null))?.ok ?? false, 20_000)
  }
}

beforeAll(async () => {
  system = await testSystem()
  clients = []
  for (let index = 0; index < 40; index += 1) clients.push(await system.person(`Client ${index}`))
  await startGatewayProcesses(2)
}, 120_000)

afterAll(async () => {
  for (const { child } of gateways) child.kill('SIGTERM')
  await Promise.all(gateways.map(({ child }) => child.exited))
  for (const port of ports) await port.stop()
  await system?.stop()
}, 30_000)

/** All forty at once, half through each gateway. */
async function rush(slotToken: string, round: string) {
  const answers = await Promise.all(
    clients.map((client, index) =>
      client.graph(
        {
          query: holdSlot,
          variables: { input: { idempotencyKey: `race-${round}-${index}`, slotToken } },
        },
        gateways[index % gateways.length]?.url,
      ),
    ),
  )
  for (const { body } of answers) expect(body.errors).toBeUndefined()
  return answers.map(({ body }) => (body.data as Held).holdSlot)
}

const count = (answers: Held['holdSlot'][], type: string) =>
  answers.filter(({ __typename }) => __typename === type).length

let coaches = 0
async function offer(service: { capacity?: number } = {}) {
  coaches += 1
  const coach = await system.person(`Coach ${coaches}`, ['COACH'])
  const { serviceId } = await offerSessions(coach, { slug: `coach-${coaches}`, ...service })
  // Each round is about another hour: nobody may be in two places at once, which is not what is raced for here.
  const slot = (await slotsOf(coach, serviceId)).at(coaches * 8)
  return { serviceId, token: slot?.token ?? '', start: slot?.start }
}

describe('forty different people want one slot, through two gateway processes', () => {
  test('one holds it; thirty-nine are told, with what else is free', async () => {
    const { token, start } = await offer()
    const answers = await rush(token, 'single')
    expect(count(answers, 'SlotHeld')).toBe(1)
    const lost = answers.filter(({ __typename }) => __typename === 'SlotTakenError')
    expect(lost).toHaveLength(39)
    for (const { alternatives = [] } of lost) {
      expect(alternatives.length).toBeGreaterThan(0)
      expect(alternatives.map((slot) => slot.start)).not.toContain(start)
    }
  }, 60_000)

  test('of a group of three seats, exactly three are given', async () => {
    const { token } = await offer({ capacity: 3 })
    const answers = await rush(token, 'group')
    expect(count(answers, 'SlotHeld')).toBe(3)
    expect(count(answers, 'SlotTakenError')).toBe(37)
  }, 60_000)

  test('a hold that expires in the middle is given once more, and once only', async () => {
    const { token, start } = await offer()
    const first = await rush(token, 'before')
    expect(count(first, 'SlotHeld')).toBe(1)
    const admin = system.db.connectAdmin()
    const holds = () => admin<{ id: string }[]>`
      select id from bookings.session where status = 'HELD' and lower(during) = ${start ?? ''}`
    const [original] = await holds()
    const id = original?.id ?? ''
    const expire = admin`
      with held as (
        update bookings.session set hold_expires_at = now() - interval '1 second'
        where id = ${id}
        returning id
      )
      update bookings.booking set hold_expires_at = now() - interval '1 second'
      where session_id = ${id}`
    const [during] = await Promise.all([rush(token, 'during'), expire.execute()])
    const late = await rush(token, 'late')
    // Who holds the slot and asks again is shown the hold that they have.
    const given = new Set([...during, ...late].flatMap(({ booking }) => booking?.id ?? []))
    for (const { booking } of first) given.delete(booking?.id ?? '')
    expect(given.size).toBe(1)
    const now = await holds()
    expect(now).toHaveLength(1)
    expect(now[0]?.id).not.toBe(original?.id)
  }, 60_000)
})
