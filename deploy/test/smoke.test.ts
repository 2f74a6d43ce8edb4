import { expect, test } from 'bun:test'
import { checksOf } from '../smoke/checks.ts'
import { smoke } from '../smoke/run.ts'

const operations = [
  { name: 'FeaturedCoaches', hash: 'aa' },
  { name: 'ServiceStatus', hash: 'bb' },
]
const checks = checksOf(new URL('https://plexus.test'), operations)

const well = async (url: string) => {
  if (url.endsWith('/graphql')) return Response.json({ data: { coaches: {} } })
  if (url.includes('.well-known'))
    return Response.json({ issuer: 'https://login.plexus.test/realms/plexus' })
  return new Response(null, { status: url.includes('uptimekuma') ? 302 : 200 })
}

type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** A clock that goes on by a second with each pause. */
function trial(fetch: Fetch, seconds = 0) {
  let time = 0
  const pause = async () => {
    time += 1_000
  }
  return smoke({ checks, now: () => time, pause, untilMs: seconds * 1_000, fetch })
}

test('an installation that works has no fault', async () => {
  expect(await trial(well)).toEqual([])
})

test('operations are asked by the digest that this version registers', async () => {
  const bodies: string[] = []
  await trial(async (url, { body }) => {
    if (typeof body === 'string') bodies.push(body)
    return well(url)
  })
  expect(bodies.sort()).toEqual(['{"documentId":"sha256:aa"}', '{"documentId":"sha256:bb"}'])
})

for (const [name, part, answer] of [
  ['health', '/healthz', () => new Response(null, { status: 503 })],
  ['sign-in', '.well-known', () => Response.json({ issuer: 'https://elsewhere.test' })],
  ['operation FeaturedCoaches', '/graphql', () => Response.json({ errors: [{ message: 'no' }] })],
  ['uptime', 'uptimekuma', () => new Response(null, { status: 404 })],
] as const) {
  test(`${name} that does not answer as it should is named`, async () => {
    const faults = await trial(async (url) => (url.includes(part) ? answer() : well(url)))
    expect(faults.some((fault) => fault.startsWith(`${name} (https://`))).toBeTrue()
  })
}

test('an installation that cannot be reached is faulty, not an accident', async () => {
  const faults = await trial(() => Promise.reject(new Error('refused')))
  expect(faults).toHaveLength(checks.length)
})

test('what comes up in time is asked until it has', async () => {
  let asked = 0
  const slowly = async (url: string) => {
    asked += 1
    return asked <= checks.length * 3 ? new Response(null, { status: 503 }) : well(url)
  }
  expect(await trial(slowly, 10)).toEqual([])
  asked = 0
  expect((await trial(slowly, 1)).length).toBeGreaterThan(0)
})
