import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { breachLookupContract, stolen } from './lookup.contract.ts'
import { fakeBreachLookup } from './lookup.fake.ts'
import { createHttpBreachLookup } from './lookup.http.ts'

const sha1 = (text: string) => createHash('sha1').update(text).digest('hex').toUpperCase()

let server: ReturnType<typeof serveRanges>
const asked: { path: string; padding: string | null }[] = []
let answer: (() => Response | Promise<Response>) | null = null

/** The range API over the stolen passwords, with padding. */
const serveRanges = () =>
  Bun.serve({
    port: 0,
    hostname: 'localhost',
    fetch: async (request) => {
      const { pathname } = new URL(request.url)
      asked.push({ path: pathname, padding: request.headers.get('add-padding') })
      if (answer) return answer()
      const prefix = pathname.slice(-5)
      const lines = Object.entries(stolen)
        .map(([password, count]) => ({ hash: sha1(password), count }))
        .filter(({ hash }) => hash.startsWith(prefix))
        .map(({ hash, count }) => `${hash.slice(5)}:${count}`)
      return new Response([`${'0'.repeat(35)}:0`, ...lines].join('\r\n'))
    },
  })

beforeAll(() => {
  server = serveRanges()
})
afterAll(() => server.stop(true))

const outcomes: string[] = []
const lookup = () =>
  createHttpBreachLookup({
    url: `${server.url.origin}/range/`,
    timeoutMs: 200,
    seen: (outcome) => outcomes.push(outcome),
  })

breachLookupContract('fake', () => fakeBreachLookup(stolen))
breachLookupContract('http', lookup)

describe('what leaves the house', () => {
  test('is five digits of a hash, with padding asked for, and never the password', async () => {
    asked.length = 0
    await lookup().timesSeen('a password of somebody')
    expect(asked).toEqual([
      { path: `/range/${sha1('a password of somebody').slice(0, 5)}`, padding: 'true' },
    ])
  })
})

describe('a lookup that fails', () => {
  const whole = sha1('any').slice(5)
  test.each([
    ['an error', () => new Response('down', { status: 503 })],
    ['a redirect', () => Response.redirect('http://localhost:1/', 302)],
    ['silence', () => new Promise<Response>(() => {})],
    ['nonsense', () => new Response(`${whole}:many`)],
  ])('with %s lets the password through', async (_, failing) => {
    answer = failing
    expect(await lookup().timesSeen('any')).toBe(0)
    answer = null
  })

  test('is counted, so that somebody notices', async () => {
    outcomes.length = 0
    answer = () => new Response('down', { status: 503 })
    await lookup().timesSeen('any')
    answer = null
    await lookup().timesSeen('any')
    await lookup().timesSeen('correct horse battery staple')
    expect(outcomes).toEqual(['failed', 'absent', 'found'])
  })
})
