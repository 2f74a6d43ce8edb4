import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { type Fleet, startFleet } from '../testing/fleet.ts'
import { allWays, endAndTime } from '../testing/session-trial.ts'

let fleet: Fleet
beforeAll(async () => {
  fleet = await startFleet(3)
}, 60_000)
beforeEach(() => {
  const { bend } = fleet.provider
  for (const name of Object.keys(bend)) Reflect.deleteProperty(bend, name)
})
afterAll(() => fleet?.stop(), 30_000)

test.each(allWays)(
  '%s ends every stream and every request on three processes within a second',
  async (way) => {
    const times: number[] = []
    for (let trial = 0; trial < 12; trial += 1) times.push(await endAndTime(fleet, way))
    expect(Math.max(...times)).toBeLessThan(1_000)
  },
  30_000,
)

/** A session whose access token needs to be renewed at once, with a refresh token of the provider. */
async function dueSession() {
  const refreshToken = crypto.randomUUID()
  fleet.provider.refreshTokens.set(refreshToken, crypto.randomUUID())
  const { sub } = fleet.provider.person
  return fleet.openSession({
    ...{ personId: sub, subject: sub },
    tokens: { accessToken: '', refreshToken, idToken: '', accessExpiresAt: Date.now() - 1_000 },
  })
}

const sessionAt = async (index: number, cookie: string) => {
  const url = fleet.instances[index % fleet.instances.length]?.url
  return (await fetch(`${url}/auth/session`, { headers: { cookie } })).json()
}

describe('three processes at the end of an access token', () => {
  test('two hundred requests are one call to the provider, and nobody is signed out', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { cookie } = await dueSession()
      const before = fleet.provider.counts.refresh
      const answers = await Promise.all(
        Array.from({ length: 200 }, (_, index) => sessionAt(index, cookie)),
      )
      expect(answers.every(({ authenticated }) => authenticated)).toBe(true)
      expect(fleet.provider.counts.refresh).toBe(before + 1)
    }
  }, 30_000)

  test('one that is killed while it asks leaves a session that comes back without a page', async () => {
    const { cookie, id } = await dueSession()
    const asked = Promise.withResolvers<void>()
    fleet.provider.bend.hold = asked.promise
    const before = fleet.provider.counts.refresh
    const dying = sessionAt(0, cookie).catch(() => 'died')
    while (fleet.provider.counts.refresh === before) await Bun.sleep(5)
    fleet.instances[0]?.child.kill('SIGKILL')
    // The provider changes the token after all, and there is nobody who would read of it.
    asked.resolve()
    expect(await dying).toBe('died')
    // So that the test need not wait for what a process may take to ask.
    const admin = fleet.system.db.connectAdmin()
    await admin`update auth.web_session set renewing_until = now() where id = ${id}`
    await sessionAt(1, cookie)
    expect(await sessionAt(2, cookie)).toMatchObject({ authenticated: false, silent: true })
    expect(await signedInSilently(cookie)).toMatchObject({ authenticated: true, silent: false })
    await fleet.restart(0)
  }, 30_000)
})

/** The way of a browser from page to page, at another instance each time. */
async function signedInSilently(cookie: string) {
  const [, second, third] = fleet.instances.map(({ url }) => url)
  const start = await fetch(`${second}/auth/login?silent=1&returnTo=/me`, {
    ...{ redirect: 'manual', headers: { cookie } },
  })
  const atProvider = await fetch(start.headers.get('location') ?? '', { redirect: 'manual' })
  const login = start.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const { search } = new URL(atProvider.headers.get('location') ?? '')
  const back = await fetch(`${third}/auth/callback${search}`, {
    ...{ redirect: 'manual', headers: { cookie: `${cookie}; ${login}` } },
  })
  expect(back.headers.get('location')).toBe('/me')
  const [fresh = ''] = back.headers.getSetCookie().filter((line) => line.startsWith('plexus='))
  return sessionAt(1, fresh.split(';')[0] ?? '')
}
