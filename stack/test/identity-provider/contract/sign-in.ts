import { expect, test } from 'bun:test'
import { calculatePKCECodeChallenge, randomNonce, randomPKCECodeVerifier } from 'openid-client'
import { SignInRefused } from '../../../../gateway/identity/provider.ts'
import { asksFor } from '../walker.ts'
import type { World } from '../world.ts'

/** Everything of a sign-in but its level. */
export function signInContract(world: () => World) {
  test('a person signs in by code and PKCE, and the gateway knows who they are', async () => {
    const { provider, visitor } = world()
    const person = await provider.addPerson({ roles: ['CLIENT', 'COACH'] })
    const browser = visitor()
    const landed = await browser.signIn(person, 'returnTo=%2Fwhere%3Fx%3D1')
    expect(landed.url.href).toBe(`${world().application.origin}/where?x=1`)
    expect(await browser.ask()).toMatchObject({
      ...{ credential: 'session', id: person.id, roles: ['CLIENT', 'COACH'], acr: '1' },
    })
    expect(await browser.session()).toMatchObject({
      ...{ authenticated: true, displayName: person.displayName },
    })
  })

  test('a wrong password signs nobody in', async () => {
    const { provider, visitor } = world()
    const person = await provider.addPerson()
    const browser = visitor()
    const page = await browser.signIn({ ...person, password: 'not the one of this person' })
    expect(asksFor(page, provider.fields.password)).toBe(true)
    expect(await browser.ask()).toMatchObject({ credential: 'anonymous', id: null })
  })

  test('the request is pushed: the browser carries a reference, and nothing to change', async () => {
    const { front, provider, visitor } = world()
    const metadata = await metadataOf(provider.issuer)
    const endpoint = new URL(metadata.pushed_authorization_request_endpoint ?? '').pathname
    const before = front.count(endpoint)
    const { hops } = await visitor().login('returnTo=/')
    const authorize = hops.find(({ searchParams }) => searchParams.has('client_id'))
    expect([...(authorize?.searchParams.keys() ?? [])].sort()).toEqual(['client_id', 'request_uri'])
    expect(front.count(endpoint)).toBe(before + 1)
  })

  test('a code is worth nothing without the verifier of its own sign-in', async () => {
    const { relyingParty, provider, visitor, application } = world()
    const person = await provider.addPerson()
    const checks = newChecks()
    const stopAt = `${application.origin}/auth/callback`
    const answered = async () => {
      const browser = visitor()
      const url = await relyingParty.authorizationUrl({ ...checks, locale: null })
      const first = await browser.visit(url, { stopAt })
      return (await browser.fillIn(first, { person, stopAt })).url
    }
    const stranger = { ...checks, codeVerifier: randomPKCECodeVerifier() }
    const stolen = relyingParty.signIn(await answered(), stranger)
    await expect(stolen).rejects.toBeInstanceOf(SignInRefused)
    expect(await relyingParty.signIn(await answered(), checks)).toMatchObject({
      personId: person.id,
    })
  })

  test.each([
    ['no challenge', {}],
    ['a plain challenge', { code_challenge: 'x'.repeat(43), code_challenge_method: 'plain' }],
  ])('an authorization request with %s is refused', async (_, pkce) => {
    expect(await pushed(world(), pkce)).toMatchObject({ status: 400 })
    const challenge = await calculatePKCECodeChallenge(randomPKCECodeVerifier())
    const whole = { code_challenge: challenge, code_challenge_method: 'S256' }
    expect(await pushed(world(), whole)).toMatchObject({ status: 201 })
  })

  test('the language of our page is that of the provider’s', async () => {
    for (const locale of ['fr', 'en']) {
      const { html } = await world().visitor().login(`returnTo=/&locale=${locale}`)
      expect(/<html[^>]*\slang="([^"]*)"/.exec(html)?.[1]).toBe(locale)
    }
  })

  test('nobody can register a client', async () => {
    const { issuer } = world().provider
    const metadata = await metadataOf(issuer)
    const address = metadata.registration_endpoint ?? `${issuer}/reg`
    const body = JSON.stringify({ redirect_uris: ['https://elsewhere.example/callback'] })
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(address, { method: 'POST', headers, body })
    expect([401, 403, 404]).toContain(answer.status)
  })
}

export const newChecks = () => ({
  state: randomNonce(),
  nonce: randomNonce(),
  codeVerifier: randomPKCECodeVerifier(),
})

export const metadataOf = async (issuer: string): Promise<Record<string, string>> =>
  (await fetch(`${issuer}/.well-known/openid-configuration`)).json()

async function pushed({ provider, application }: World, pkce: Record<string, string>) {
  const { client, origin } = application
  const { pushed_authorization_request_endpoint: endpoint = '' } = await metadataOf(provider.issuer)
  const redirectUri = `${origin}/auth/callback`
  return fetch(endpoint, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${client.id}:${client.secret}`)}` },
    body: new URLSearchParams({
      ...{ response_type: 'code', client_id: client.id, redirect_uri: redirectUri },
      ...{ scope: 'openid', state: 'state', ...pkce },
    }),
  })
}
