import { beforeAll, describe, expect, test } from 'bun:test'
import { clusterMissing, figure, here } from './here.ts'
import { told } from './load.ts'
import { addressOf, applyProduct, domain, origin } from './product.ts'
import { rolledUnderLoad, touch, unguarded, untilRolledOut } from './rollout.ts'

const missing = clusterMissing()

const enough = 5_000

let service = ''

const ways = [
  { name: 'by the address of its Service', isDirect: true, keepAlive: false },
  { name: 'by the address of its Service', isDirect: true, keepAlive: true },
  { name: 'through Traefik with TLS', isDirect: false, keepAlive: false },
  { name: 'through Traefik with TLS', isDirect: false, keepAlive: true },
] as const

const target = (isDirect: boolean) =>
  isDirect ? { url: `http://${service}:3000/`, host: domain } : { url: `${origin}/` }

describe.skipIf(missing !== null)(missing ?? 'a rolling update under 200 requests a second', () => {
  beforeAll(async () => {
    service = await addressOf(here, 'app', 'gateway')
    await untilRolledOut(here, 'gateway')
  }, 300_000)

  for (const { name, isDirect, keepAlive } of ways) {
    const kind = keepAlive ? 'connections that stay' : 'a new connection for each'
    test(`loses nothing ${name}, with ${kind}`, async () => {
      const { answers, ms } = await rolledUnderLoad(here, { ...target(isDirect), keepAlive })
      await figure(`${name}, ${kind}`, `${told(answers)}; all pods new after ${ms} ms`)
      expect(answers.failures).toEqual([])
      expect(answers.requests).toBeGreaterThanOrEqual(enough)
    }, 400_000)
  }

  test('loses requests without the pause of preStop and without a notice, by new connections', async () => {
    await touch(here, 'gateway', unguarded('gateway'))
    await untilRolledOut(here, 'gateway')
    const { answers } = await rolledUnderLoad(here, {
      ...target(true),
      keepAlive: false,
      patch: unguarded('gateway'),
    })
    await applyProduct(here)
    await untilRolledOut(here, 'gateway')
    await figure('without preStop and notice, by its Service', told(answers))
    expect(answers.failed).toBeGreaterThan(0)
    expect(answers.requests).toBeGreaterThanOrEqual(enough)
  }, 900_000)
})
