import { expect, test } from 'bun:test'
import { minutes, seconds, until } from '../clock.ts'
import type { Program } from '../parties.ts'
import type { World } from '../world.ts'
import { metadataOf, newChecks } from './sign-in.ts'

/** Refresh tokens, the tokens of programs, and the keys that sign all of them. */
export function tokenContract(world: () => World) {
  test('a refresh token works once; a second use ends the whole family', async () => {
    const { relyingParty } = world()
    const { tokens: first } = await tokensOf(world())
    // Keycloak tells them apart by the second in which they were made.
    const made = Math.floor(Date.now() / seconds)
    await until(async () => Math.floor(Date.now() / seconds) > made, 2 * seconds)
    const second = await renewed(relyingParty.renew(first))
    expect(second.refreshToken).not.toBe(first.refreshToken)
    const third = await renewed(relyingParty.renew(second))
    expect(await relyingParty.renew(first)).toBe('refused')
    expect(await relyingParty.renew(third)).toBe('refused')
  })

  test('a refresh token is worth nothing to whoever is not the client', async () => {
    const { tokens } = await tokensOf(world())
    const stranger = await world().provider.addProgram()
    const fields = { grant_type: 'refresh_token', refresh_token: tokens.refreshToken ?? '' }
    expect((await askToken(world(), stranger, fields)).status).not.toBe(200)
  })

  test('a program gets a token for itself, with no more than was asked for', async () => {
    const { provider, gateway } = world()
    const program = await provider.addProgram()
    const { access_token: token } = await programToken(world(), program, 'bookings:read')
    expect(await gateway.asProgram(token)).toMatchObject({
      status: 200,
      body: {
        ...{ credential: 'bearer', clientId: program.id },
        ...{ roles: ['PARTNER_APP'], scopes: ['bookings:read'] },
      },
    })
  })

  test('a program gets no scope that it was not given, and nothing with a wrong secret', async () => {
    const { provider, gateway } = world()
    const program = await provider.addProgram()
    const wide = await programToken(world(), program, 'bookings:read users:admin')
    if (wide.access_token) {
      const { body } = await gateway.asProgram(wide.access_token)
      expect(body.scopes).not.toContain('users:admin')
    }
    const wrong = { ...program, secret: 'not the secret of this program' }
    const fields = { grant_type: 'client_credentials', scope: 'bookings:read' }
    expect((await askToken(world(), wrong, fields)).status).toBe(401)
  })

  test('a token for another audience, and an ID token, are refused', async () => {
    const { provider, gateway } = world()
    expect((await gateway.asProgram(await provider.foreignToken())).status).toBe(401)
    const { tokens } = await tokensOf(world())
    expect((await gateway.asProgram(tokens.idToken)).status).toBe(401)
    // What is refused is the audience: where it is right, the same token passes.
    expect((await gateway.asProgram(tokens.accessToken)).status).toBe(200)
  })

  test('keys change under load, and no valid token is refused', async () => {
    const { provider, gateway, front } = world()
    const program = await provider.addProgram()
    const keys = new URL((await metadataOf(provider.issuer)).jwks_uri ?? '').pathname
    const before = await programToken(world(), program, 'bookings:read')
    await gateway.asProgram(before.access_token)
    await gateway.travel(async (to) => {
      to(31 * seconds)
      const fetched = front.count(keys)
      const load = loadOf(gateway)
      load.add(before.access_token)
      await provider.rotateKeys()
      const after = await programToken(world(), program, 'bookings:read')
      expect(kidOf(after.access_token)).not.toBe(kidOf(before.access_token))
      load.add(after.access_token)
      const another = await programToken(world(), program, 'bookings:read bookings:write')
      load.add(another.access_token)
      expect(await load.end()).toEqual([200])
      expect(front.count(keys) - fetched).toBe(1)
    })
  })

  test('right after another change of keys people sign in and stay signed in', async () => {
    const { provider, gateway } = world()
    const { browser } = await world().signedIn({ roles: ['CLIENT'] })
    await provider.rotateKeys()
    const other = await world().signedIn()
    await provider.rotateKeys()
    await gateway.travel(async (to) => {
      to(6 * minutes)
      expect(await browser.ask()).toMatchObject({ credential: 'session' })
      expect(await other.browser.ask()).toMatchObject({ credential: 'session' })
      to(12 * minutes)
      expect(await browser.ask()).toMatchObject({ credential: 'session' })
    })
  })

  test('however many unknown keys are named, the key set is fetched once in 30 seconds', async () => {
    const { gateway, front, provider } = world()
    const { tokens } = await tokensOf(world())
    const keys = new URL((await metadataOf(provider.issuer)).jwks_uri ?? '').pathname
    await gateway.travel(async (to) => {
      const fetched = front.count(keys)
      for (const later of [31, 62]) {
        to(later * seconds)
        const flood = Array.from({ length: 200 }, (_, index) =>
          gateway.asProgram(withKey(tokens.accessToken, `unknown-${index}`)),
        )
        const answers = await Promise.all(flood)
        expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]))
        expect((await gateway.asProgram(tokens.accessToken)).status).toBe(200)
      }
      expect(front.count(keys) - fetched).toBe(2)
    })
  })
}

/** The same token, whose header names another key. */
export function withKey(token: string, kid: string): string {
  const [header = '', ...rest] = token.split('.')
  const named = { ...JSON.parse(Buffer.from(header, 'base64url').toString()), kid }
  return [Buffer.from(JSON.stringify(named)).toString('base64url'), ...rest].join('.')
}

export async function tokensOf({ relyingParty, provider, visitor, application }: World) {
  const person = await provider.addPerson()
  const browser = visitor()
  const checks = newChecks()
  const stopAt = `${application.origin}/auth/callback`
  const url = await relyingParty.authorizationUrl({ ...checks, locale: null })
  const page = await browser.visit(url, { stopAt })
  const landed = await browser.fillIn(page, { person, stopAt })
  return relyingParty.signIn(landed.url, checks)
}

async function renewed(renewal: ReturnType<World['relyingParty']['renew']>) {
  const answer = await renewal
  if (answer === 'refused') throw new Error('The refresh was refused.')
  return answer.tokens
}

async function askToken(
  { provider }: World,
  { id, secret }: Program,
  fields: Record<string, string>,
) {
  const { token_endpoint: endpoint = '' } = await metadataOf(provider.issuer)
  return fetch(endpoint, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}` },
    body: new URLSearchParams(fields),
  })
}

const programToken = async (
  world: World,
  program: Program,
  scope: string,
): Promise<{ access_token: string }> =>
  (await askToken(world, program, { grant_type: 'client_credentials', scope })).json()

const kidOf = (token: string): string =>
  JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid

/** Asks with every token in turn, four at a time, until it is ended; each at least 25 times. */
function loadOf(gateway: World['gateway']) {
  const counts = new Map<string, number>()
  const statuses = new Set<number>()
  let isOver = false
  const ask = async (): Promise<void> => {
    while (!isOver) {
      for (const [token, count] of counts) {
        statuses.add((await gateway.asProgram(token)).status)
        counts.set(token, count + 1)
      }
      await Bun.sleep(0)
    }
  }
  const running = Array.from({ length: 4 }, ask)
  return {
    add: (token: string) => void counts.set(token, 0),
    /** The statuses that there were. */
    end: async () => {
      await until(async () => [...counts.values()].every((count) => count >= 25), 10 * seconds)
      isOver = true
      await Promise.all(running)
      return [...statuses]
    },
  }
}
