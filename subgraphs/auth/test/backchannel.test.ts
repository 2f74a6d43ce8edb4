import { afterAll, beforeAll, expect, test } from 'bun:test'
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose'
import { formAction } from './browser.ts'
import { addAccount, client, newWorld, signedIn, type World } from './world.ts'

let world: World
let told: string[] = []
let status = 200
let application: ReturnType<typeof serveApplication>

const serveApplication = () =>
  Bun.serve({
    port: 0,
    hostname: 'localhost',
    fetch: async (request) => {
      const { pathname } = new URL(request.url)
      if (pathname !== '/backchannel') return new Response('not here', { status: 404 })
      told.push(String((await request.formData()).get('logout_token')))
      return new Response(null, { status, headers: { location: '/elsewhere' } })
    },
  })

beforeAll(async () => {
  application = serveApplication()
  const backchannelLogoutUri = `${application.url.origin}/backchannel`
  world = await newWorld({ client: { ...client, backchannelLogoutUri } })
})
afterAll(async () => {
  await application.stop(true)
  await world.stop()
})

async function signOut() {
  const { email, id } = await addAccount(world.sql)
  const { browser, tokens } = await signedIn(world, email)
  const url = `${world.issuer}/session/end`
  const page = await (await browser.get(url)).text()
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(page)?.[1] ?? ''
  told = []
  const answer = await browser.submit(formAction(page, url), { xsrf, logout: 'yes' })
  return { id, answer, sid: decodeJwt(tokens.id_token).sid }
}

test('signing out tells the application which session ended, by a signed token', async () => {
  status = 200
  const { id, sid, answer } = await signOut()
  expect(answer.status).toBe(303)
  const [token = ''] = told
  const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(`${world.issuer}/jwks`)), {
    issuer: world.issuer,
    audience: client.id,
    typ: 'logout+jwt',
  })
  expect(payload).toMatchObject({
    sub: id,
    sid,
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
  })
})

test('an application that cannot be told does not keep anybody signed in', async () => {
  for (const refusal of [500, 302]) {
    status = refusal
    const { answer } = await signOut()
    expect(answer.status).toBe(303)
    expect(told).toHaveLength(1)
  }
  expect(world.lines.join('')).toContain('An application could not be told of a sign-out')
})
