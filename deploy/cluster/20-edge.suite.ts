import { afterAll, describe, expect, test } from 'bun:test'
import { authorityIsAway, authorityIsBack, validitySeconds } from './authority.ts'
import { clusterMissing, figure, here } from './here.ts'
import { kubectl } from './kubectl.ts'
import { load, told } from './load.ts'
import { eventually, timed } from './poll.ts'
import { domain, hosts, origin } from './product.ts'
import { handshake, servedBy } from './tls.ts'

const missing = clusterMissing()

/** Lines in which Traefik complains, from a moment on. */
async function complaintsSince(moment: Date): Promise<string> {
  const since = `--since-time=${moment.toISOString()}`
  const log = await kubectl(here, '-n', 'edge', 'logs', 'deployment/traefik', since)
  const isComplaint = (line: string) => line.includes('"level":"error"')
  return log.split('\n').filter(isComplaint).join('\n')
}

describe.skipIf(missing !== null)(missing ?? 'the edge', () => {
  afterAll(async () => {
    await authorityIsBack().catch(() => {})
  })

  test('every host has a certificate that the authority has issued', async () => {
    for (const host of hosts) {
      const { issuer } = await servedBy(host)
      expect([host, issuer]).toEqual([host, expect.stringContaining('Pebble')])
      // Trusted for that name: nothing is switched off here.
      expect((await fetch(`https://${host}/`, { redirect: 'manual' })).status).toBeLessThan(500)
    }
  }, 60_000)

  test('plain HTTP is led to HTTPS for good, and HTTPS says that it stays', async () => {
    const read = await fetch(`http://${domain}/coaches`, { redirect: 'manual' })
    expect([301, 308]).toContain(read.status)
    expect(read.headers.get('location')).toBe(`${origin}/coaches`)
    const sent = await fetch(`http://${domain}/graphql`, { method: 'POST', redirect: 'manual' })
    expect([sent.status, sent.headers.get('location')]).toEqual([308, `${origin}/graphql`])
    const { headers } = await fetch(origin)
    const policy = headers.get('strict-transport-security') ?? ''
    expect(Number(/max-age=(\d+)/.exec(policy)?.[1])).toBeGreaterThanOrEqual(31_536_000)
    expect(headers.get('server') ?? '').toBe('')
  }, 30_000)

  test('TLS 1.0 and 1.1 are refused, 1.2 and 1.3 are spoken', async () => {
    for (const version of ['tls1', 'tls1_1']) {
      const said = await handshake(version)
      expect([version, said]).toEqual([version, expect.stringContaining('alert protocol version')])
    }
    for (const version of ['tls1_2', 'tls1_3'])
      expect([version, await handshake(version)]).toEqual([
        version,
        expect.stringMatching(/New, TLSv1\.[23], Cipher is TLS_|New, TLSv1\.[23], Cipher is ECDHE/),
      ])
  }, 30_000)

  test('a name that is not ours gets neither a certificate nor a page', async () => {
    await expect(servedBy('evil.test')).rejects.toThrow()
    const strange = await fetch(`https://${domain}/`, { headers: { host: 'evil.test' } })
    expect(strange.status).toBe(404)
  }, 30_000)

  test('www leads to the apex, status to its page, and api answers as the graph', async () => {
    const leads = async (url: string) =>
      (await fetch(url, { redirect: 'manual' })).headers.get('location')
    expect(await leads(`https://www.${domain}/coaches?x=1`)).toBe(`${origin}/coaches?x=1`)
    expect(await leads(`https://status.${domain}/`)).toBe(`${origin}/status`)
    expect((await fetch(`https://api.${domain}/readyz`)).status).toBe(200)
  }, 30_000)

  test('an authority that is away costs nothing: the old certificate keeps serving, and is renewed when it is back', async () => {
    const awaySince = new Date()
    await authorityIsAway()
    const before = await servedBy()
    await eventually(async () => /renew/i.test(await complaintsSince(awaySince)), {
      ...{ withinMs: 240_000, everyMs: 2_000, what: 'A renewal that fails' },
    })
    expect((await servedBy()).serial).toBe(before.serial)
    expect((await fetch(origin)).status).toBe(200)
    await authorityIsBack()
    const [renewed, answers] = await Promise.all([
      timed(() =>
        eventually(async () => (await servedBy()).serial !== before.serial, {
          ...{ withinMs: 180_000, everyMs: 500, what: 'A renewed certificate' },
        }),
      ),
      load({ url: `${origin}/`, perSecond: 40, seconds: 60, keepAlive: false }),
    ])
    const after = await servedBy()
    await figure('renewed after the authority came back', `${renewed.ms} ms`)
    await figure('while that', told(answers))
    expect(after.issuer).toContain('Pebble')
    expect(after.endsAt.getTime()).toBeGreaterThan(before.endsAt.getTime())
    expect(after.endsAt.getTime() - Date.now()).toBeGreaterThan((validitySeconds - 300) * 1_000)
    expect(answers.failed).toBe(0)
  }, 600_000)
})
