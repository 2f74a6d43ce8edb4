import { expect, test } from 'bun:test'
import { seconds } from '../clock.ts'
import type { Program } from '../provider-under-test.ts'
import type { World } from '../world.ts'
import { metadataOf, newChecks } from './sign-in.ts'

/** Refresh tokens, the tokens of programs, and the keys that sign all of them. */
export function tokenContract(world: () => World) {
  test('a refresh token works once; a second use ends the whole family', async () => {
    const { relyingParty } = world()
    const { tokens: first } = await tokensOf(world())
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
    const before = await programToken(world(), program, 'bookings:read')
    const keys = new URL((await metadataOf(provider.issuer)).jwks_uri ?? '').pathname
    await gateway.asProgram(before.access_token)
    await gateway.later(31 * seconds, async () => {
      const fetched = front.count(keys)
      const load = loadOf(gateway)
      load.add(before.access_token)
      await provider.rotateKeys()
      const after = await programToken(world(), program, 'bookings:read')
      expect(kidOf(after.access_token)).not.toBe(kidOf(before.access_token))
      load.add(after.access_token)
      const another = await programToken(world(), program, 'bookings:read bookings:write')
      load.add(another.access_token)
      const { statuses, requests } = await load.end()
      expect(requests).toBeGreaterThan(60)
      expect(statuses).toEqual([200])
      expect(front.count(keys) - fetched).toBe(1)
    })
  })
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

/** Asks with every token in turn, four at a time, until it is ended. */
function loadOf(gateway: World['gateway']) {
  const tokens: string[] = []
  const statuses = new Set<number>()
  let requests = 0
  let isOver = false
  const ask = async (): Promise<void> => {
    while (!isOver) {
      for (const token of tokens) {
        statuses.add((await gateway.asProgram(token)).status)
        requests += 1
      }
      await Bun.sleep(0)
    }
  }
  const running = Array.from({ length: 4 }, ask)
  return {
    add: (token: string) => void tokens.push(token),
    end: async () => {
      const enough = requests + 100
      while (requests < enough) await Bun.sleep(1)
      isOver = true
      await Promise.all(running)
      return { statuses: [...statuses], requests }
    },
  }
}
