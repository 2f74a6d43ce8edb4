import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { newBrowser } from './browser.ts'
import {
  addAccount,
  authorizeUrl,
  client,
  newWorld,
  openSignIn,
  password,
  pkce,
  redirectUri,
  signedIn,
  submitSignIn,
  type World,
} from './world.ts'

let world: World
beforeAll(async () => {
  world = await newWorld()
})
afterAll(() => world.stop())
beforeEach(() => {
  world.clock.offsetMs = 0
})

describe('signing in', () => {
  test('[FC-46] [MS-05] ends at the application with a code that gives tokens about the person', async () => {
    const { id, email } = await addAccount(world.sql)
    const { tokens, page } = await signedIn(world, email, { browser: newBrowser('en') })
    expect(page).toContain('Welcome back')
    const keys = createRemoteJWKSet(new URL(`${world.issuer}/jwks`))
    const access = await jwtVerify(tokens.access_token, keys, {
      issuer: world.issuer,
      audience: 'plexus',
      typ: 'at+jwt',
      algorithms: ['ES256'],
    })
    expect(access.payload).toMatchObject({ sub: id, roles: ['client', 'company_admin'] })
    const identity = await jwtVerify(tokens.id_token, keys, {
      issuer: world.issuer,
      audience: client.id,
      algorithms: ['ES256'],
    })
    expect(identity.payload).toMatchObject({
      sub: id,
      nonce: 'the-nonce',
      name: 'Ada Moreau',
      email,
      locale: 'fr',
      roles: ['client', 'company_admin'],
      acr: '1',
      amr: ['pwd'],
    })
    expect(identity.payload.sid).toBeString()
    expect(access.payload.sid).toBe(identity.payload.sid)
  })

  test('e-mail addresses have no case and no blanks around them', async () => {
    const { email } = await addAccount(world.sql)
    const landed = await submitSignIn(await openSignIn(world), {
      email: ` ${email.toUpperCase()} `,
      password,
    })
    expect(landed.url).toStartWith(redirectUri)
  })

  test('[FC-37] a second application page needs no second password', async () => {
    const { email } = await addAccount(world.sql)
    const { browser } = await signedIn(world, email)
    const { url } = await openSignIn(world, { browser })
    expect(new URL(url).searchParams.get('code')).toBeString()
  })

  test('[MS-05] a wrong password, an unknown e-mail and a disabled account answer alike', async () => {
    const { email } = await addAccount(world.sql)
    const disabled = await addAccount(world.sql)
    const admin = world.base.connectAdmin()
    await admin`update auth.account set disabled_at = now() where id = ${disabled.id}`
    const answers = await Promise.all(
      [
        { email, password: 'wrong' },
        { email: 'unknown@example.org', password: 'wrong' },
        { email: disabled.email, password },
      ].map(async (credentials) => {
        const opened = await openSignIn(world)
        const { status, response } = await submitSignIn(opened, credentials)
        const page = (await response.text())
          .replaceAll(credentials.email, 'E-MAIL')
          .replaceAll(opened.url, 'URL')
          .replace(/action="[^"]*"/, '')
          .replace(/href="\/interaction[^"]*"/, '')
        return { status, page }
      }),
    )
    expect(answers[0]?.status).toBe(422)
    expect(answers[0]?.page).toContain('role="alert"')
    expect(answers[0]?.page).toContain('aria-invalid="true"')
    expect(answers[1]).toEqual(answers[0] as never)
    expect(answers[2]).toEqual(answers[0] as never)
  })
})

describe('the lock', () => {
  const fail = async (email: string) =>
    (await submitSignIn(await openSignIn(world), { email, password: 'wrong' })).response

  test.each([
    ['an account', async () => (await addAccount(world.sql)).email],
    ['an e-mail without one', async () => `${crypto.randomUUID()}@example.org`],
  ])('closes after five failures for %s, and grows', async (_, emailOf) => {
    const email = await emailOf()
    for (let count = 0; count < 4; count += 1) expect((await fail(email)).status).toBe(422)
    const fifth = await fail(email)
    expect(fifth.status).toBe(429)
    expect(Number(fifth.headers.get('retry-after'))).toBeWithin(1, 31)
    expect(await fifth.text()).toContain('Trop d’essais')
    world.clock.offsetMs = 31_000
    const sixth = await fail(email)
    expect(sixth.status).toBe(429)
    expect(Number(sixth.headers.get('retry-after'))).toBeWithin(55, 61)
  })

  test('keeps the right password out too, and opens with time', async () => {
    const { email } = await addAccount(world.sql)
    for (let count = 0; count < 5; count += 1) await fail(email)
    const locked = await submitSignIn(await openSignIn(world), { email, password })
    expect(locked.status).toBe(429)
    world.clock.offsetMs = 31_000
    const open = await submitSignIn(await openSignIn(world), { email, password })
    expect(open.url).toStartWith(redirectUri)
    // A success forgets the failures.
    expect((await fail(email)).status).toBe(422)
  })

  test('lets no more than five of twenty guesses at the same moment be looked at', async () => {
    const { email } = await addAccount(world.sql)
    const opened = await Promise.all(Array.from({ length: 20 }, () => openSignIn(world)))
    const answers = await Promise.all(
      opened.map((page) => submitSignIn(page, { email, password: 'wrong' })),
    )
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 422)).toHaveLength(4)
    expect(statuses.filter((status) => status === 429)).toHaveLength(16)
    const emailHash = createHash('sha256').update(email).digest()
    const rows = await world.sql`
      select failed from sign_in_failure where email_hash = ${emailHash}`
    expect(rows[0]?.failed).toBe(5)
  })

  test('lets every one of eight right passwords in at the same moment', async () => {
    const { email } = await addAccount(world.sql)
    const opened = await Promise.all(Array.from({ length: 8 }, () => openSignIn(world)))
    const landed = await Promise.all(opened.map((page) => submitSignIn(page, { email, password })))
    expect(landed.map(({ status }) => status)).toEqual(Array(8).fill(303))
    const emailHash = createHash('sha256').update(email).digest()
    const rows = await world.sql`
      select failed from sign_in_failure where email_hash = ${emailHash}`
    expect(rows).toHaveLength(0)
  })
})

describe('a text with U+0000', () => {
  const forged = (email: string) => [
    { email: `${email}\0`, password },
    { email: '\0', password: '\0' },
    { email, password: `${password}\0` },
  ]

  test('is answered as wrong credentials are, and logs no error', async () => {
    const { email } = await addAccount(world.sql)
    for (const credentials of forged(email)) {
      const { status, response } = await submitSignIn(await openSignIn(world), credentials)
      expect(status).toBe(422)
      expect(await response.text()).toContain('ne correspond pas')
    }
    expect(world.lines.filter((line) => line.includes('"level":"error"'))).toEqual([])
  })

  test('locks as any other e-mail', async () => {
    const statuses: number[] = []
    for (let count = 0; count < 5; count += 1) {
      const credentials = { email: 'nobody\0@example.org', password }
      statuses.push((await submitSignIn(await openSignIn(world), credentials)).status)
    }
    expect(statuses).toEqual([422, 422, 422, 422, 429])
  })

  test.each(['state', 'nonce', 'login_hint', 'ui_locales'])(
    'in %s is a bad request and no error of ours',
    async (name) => {
      const { challenge } = pkce()
      const url = authorizeUrl(world.issuer, { code_challenge: challenge, [name]: 'x\0' })
      const response = await fetch(url, { redirect: 'manual' })
      expect(response.status).toBe(400)
      expect(await response.text()).toContain('invalid_request')
      expect(world.lines.filter((line) => line.includes('"level":"error"'))).toEqual([])
    },
  )
})
