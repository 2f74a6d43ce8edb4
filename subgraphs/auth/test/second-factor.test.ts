import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { newAuthenticator } from './authenticator.ts'
import { newBrowser } from './browser.ts'
import {
  afterPassword,
  claimsOf,
  errorOf,
  type FactorWorld,
  isDone,
  newFactorWorld,
  passkeyOptionsIn,
  personWithApp,
  personWithPasskey,
  send,
} from './second-factor.ts'
import { addAccount, openSignIn, password } from './world.ts'

let world: FactorWorld
beforeAll(async () => {
  world = await newFactorWorld()
})
afterAll(() => world.stop())

const english = () => ({ browser: newBrowser('en') })

describe('after the password', () => {
  test('somebody without a second factor is in, at level 1', async () => {
    const { email, id } = await addAccount(world.sql)
    const landed = await afterPassword(world, email)
    expect(isDone(landed)).toBe(true)
    expect(await claimsOf(world, landed)).toEqual({ sub: id, acr: '1', amr: ['pwd'] })
  })

  test('somebody with an app is asked for a code, and is in at level 2', async () => {
    const ada = await personWithApp(world)
    const asked = await afterPassword(world, ada.email)
    expect(asked.page).toContain('name="code"')
    expect(asked.page).toContain('autocomplete="one-time-code"')
    const landed = await send(asked, { code: world.code(ada.secret) })
    expect(await claimsOf(world, landed)).toEqual({
      sub: ada.id,
      acr: '2',
      amr: ['pwd', 'otp', 'mfa'],
    })
  })

  test('a recovery code does too, once', async () => {
    const ada = await personWithApp(world)
    const [code = ''] = ada.recoveryCodes
    const asked = await afterPassword(world, ada.email)
    const typing = await asked.browser.get(`${asked.url}?with=recovery`)
    expect(await typing.text()).toContain('Code de secours')
    expect(await claimsOf(world, await send(asked, { code }))).toMatchObject({ acr: '2' })
    const again = await send(await afterPassword(world, ada.email), { code })
    expect(again.status).toBe(422)
  })

  test('a code counts once over every sign-in', async () => {
    const ada = await personWithApp(world)
    const [one, other] = [
      await afterPassword(world, ada.email),
      await afterPassword(world, ada.email),
    ]
    const code = world.code(ada.secret)
    const both = await Promise.all([send(one, { code }), send(other, { code })])
    expect(both.filter(isDone)).toHaveLength(1)
  })

  test('without the code nobody gets past: not by the way back, nor by another password', async () => {
    const [ada, eve] = [await personWithApp(world), await addAccount(world.sql)]
    const asked = await afterPassword(world, ada.email)
    // The address to which the provider sends whoever is done.
    const resumed = await asked.browser.follow(asked.url.replace('/interaction/', '/auth/'))
    expect(resumed.url).toContain('/interaction/')
    expect(await resumed.response.text()).toContain('name="password"')
    // Somebody else's sign-in in the same browser does not make the code that was asked for one of theirs.
    const landed = await afterPassword(world, eve.email, { browser: asked.browser })
    expect(await claimsOf(world, landed)).toEqual({ sub: eve.id, acr: '1', amr: ['pwd'] })
  })

  test('a code without a password before it is nothing', async () => {
    const ada = await personWithApp(world)
    const opened = await openSignIn(world)
    const shown = { ...opened, status: 200 }
    const answered = await send(shown, { code: world.code(ada.secret) })
    expect(answered.page).toContain('name="password"')
    expect(isDone(answered)).toBe(false)
  })

  test('wrong codes are told alike, lock after five, and the lock is the person’s', async () => {
    const ada = await personWithApp(world)
    const asked = await afterPassword(world, ada.email, english())
    for (const code of ['000000', 'AAAA-AAAA-AAAA-AAAA', 'nonsense', '']) {
      const wrong = await send(asked, { code })
      expect(wrong.status).toBe(422)
      expect(wrong.page).toContain('This could not be verified. Try again.')
    }
    const locked = await send(asked, { code: '000000' })
    expect(locked.status).toBe(429)
    expect(locked.page).toContain('Try again in one minute')
    const elsewhere = await afterPassword(world, ada.email)
    expect((await send(elsewhere, { code: world.code(ada.secret) })).status).toBe(429)
    world.later(61)
    expect(isDone(await send(elsewhere, { code: world.code(ada.secret) }))).toBe(true)
  })

  test('the password is forgotten after ten minutes, when it changes, and when the account is disabled', async () => {
    const endings: ((person: { id: string }) => Promise<unknown>)[] = [
      async () => world.later(601),
      async ({ id }) =>
        world.base.connectAdmin()`
          update auth.account set password_changed_at = ${world.now()} where id = ${id}`,
      async ({ id }) =>
        world.base.connectAdmin()`update auth.account set disabled_at = now() where id = ${id}`,
    ]
    for (const end of endings) {
      const ada = await personWithApp(world)
      const asked = await afterPassword(world, ada.email)
      await end(ada)
      const answered = await send(asked, { code: world.code(ada.secret) })
      expect(answered.page).toContain('name="password"')
    }
  })

  test('“cancel” goes back to the password', async () => {
    const ada = await personWithApp(world)
    const back = await send(await afterPassword(world, ada.email), { cancel: 'yes' })
    expect(back.page).toContain('name="password"')
    const answered = await send(back, { code: world.code(ada.secret) })
    expect(isDone(answered)).toBe(false)
  })

  test('a form of another site is refused', async () => {
    const ada = await personWithApp(world)
    const asked = await afterPassword(world, ada.email)
    const code = world.code(ada.secret)
    const cross = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    expect((await asked.browser.submit(asked.url, { code }, cross)).status).toBe(403)
    // The unprotected twin: without another site's mark the same form is taken.
    expect((await asked.browser.submit(asked.url, { code })).status).toBe(303)
  })

  test('another browser cannot go on with it', async () => {
    const ada = await personWithApp(world)
    const asked = await afterPassword(world, ada.email)
    const eve = newBrowser()
    const stolen = await eve.submit(asked.url, { code: world.code(ada.secret) })
    expect(stolen.status).toBe(400)
  })
})

describe('a passkey', () => {
  const newKey = () => newAuthenticator(world.issuer)

  test('signs in without a password, at level 2', async () => {
    const key = newKey()
    const ada = await personWithPasskey(world, key)
    const opened = { ...(await openSignIn(world)), status: 200 }
    const options = passkeyOptionsIn(opened)
    expect(JSON.parse(options)).toMatchObject({ rpId: 'localhost', userVerification: 'required' })
    expect(JSON.parse(options).allowCredentials).toBeUndefined()
    const landed = await send(opened, { passkey: key.assert(options) })
    expect(await claimsOf(world, landed)).toEqual({
      sub: ada.id,
      acr: '2',
      amr: ['hwk', 'user', 'mfa'],
    })
  })

  test('is the second factor after the password', async () => {
    const key = newKey()
    const ada = await personWithPasskey(world, key)
    const asked = await afterPassword(world, ada.email)
    const options = passkeyOptionsIn(asked)
    expect(JSON.parse(options).allowCredentials).toMatchObject([
      { id: key.id.toString('base64url') },
    ])
    expect(asked.page).not.toContain('name="code"')
    const landed = await send(asked, { passkey: key.assert(options) })
    expect(await claimsOf(world, landed)).toMatchObject({ acr: '2', amr: ['pwd', 'hwk', 'mfa'] })
  })

  test('of somebody else is not', async () => {
    const [own, other] = [newKey(), newKey()]
    const ada = await personWithPasskey(world, own)
    await personWithPasskey(world, other)
    const asked = await afterPassword(world, ada.email)
    const refused = await send(asked, { passkey: other.assert(passkeyOptionsIn(asked)) })
    expect(refused.status).toBe(422)
    const landed = await send(asked, { passkey: own.assert(passkeyOptionsIn(refused)) })
    expect(await claimsOf(world, landed)).toMatchObject({ sub: ada.id })
  })

  test('that is unknown, unverified, made for another page, or of a disabled account is refused alike', async () => {
    const key = newKey()
    const ada = await personWithPasskey(world, key)
    const attempts: ((options: string) => string)[] = [
      (options) => newKey().assert(options),
      (options) => key.assert(options, { isVerified: false }),
      (options) => key.assert(options, { origin: 'https://evil.example' }),
      (options) => key.assert(options, { challenge: 'AAAA' }),
      () => '{}',
    ]
    for (const attempt of attempts) {
      const opened = { ...(await openSignIn(world, english())), status: 200 }
      const refused = await send(opened, { passkey: attempt(passkeyOptionsIn(opened)) })
      expect(refused.status).toBe(422)
      expect(refused.page).toContain('does not match')
    }
    await world.base.connectAdmin()`update auth.account set disabled_at = now() where id = ${ada.id}`
    const opened = { ...(await openSignIn(world)), status: 200 }
    const refused = await send(opened, { passkey: key.assert(passkeyOptionsIn(opened)) })
    expect(refused.status).toBe(422)
  })

  test('signs for one visit, once: an answer from another one is refused', async () => {
    const key = newKey()
    await personWithPasskey(world, key)
    const [one, other] = [await openSignIn(world), await openSignIn(world)]
    const passkey = key.assert(passkeyOptionsIn(one))
    expect((await send({ ...other, status: 200 }, { passkey })).status).toBe(422)
    expect(isDone(await send({ ...one, status: 200 }, { passkey }))).toBe(true)
    expect((await one.browser.submit(one.url, { passkey })).status).not.toBe(303)
  })

  test('the page brings one script, which its policy names by its hash', async () => {
    const { response, page } = await openSignIn(world)
    const [, script = ''] = /<script>([\s\S]*?)<\/script>/.exec(page) ?? []
    const hash = new Bun.CryptoHasher('sha256').update(script).digest('base64')
    expect(response.headers.get('content-security-policy')).toContain(
      `script-src 'sha256-${hash}';`,
    )
  })
})

describe('when the application asks for level 2', () => {
  const level2 = { acr_values: '2' }

  test('somebody who is signed in with a password is asked for the code alone', async () => {
    const ada = await personWithApp(world)
    const admin = world.base.connectAdmin()
    const waiting = await admin`
      delete from auth.totp where person_id = ${ada.id} returning person_id, secret, confirmed_at`
    const browser = newBrowser()
    const first = await afterPassword(world, ada.email, { browser })
    expect(await claimsOf(world, first)).toMatchObject({ acr: '1', amr: ['pwd'] })
    await admin`insert into auth.totp ${admin(waiting)}`
    const opened = { ...(await openSignIn(world, { browser, ...level2 })), status: 200 }
    expect(opened.page).toContain('name="code"')
    expect(opened.page).not.toContain('name="password"')
    const landed = await send(opened, { code: world.code(ada.secret) })
    expect(await claimsOf(world, landed)).toEqual({
      sub: ada.id,
      acr: '2',
      amr: ['pwd', 'otp', 'mfa'],
    })
  })

  test('somebody who cancels goes back as they were', async () => {
    const ada = await personWithApp(world)
    const browser = newBrowser()
    await send(await afterPassword(world, ada.email, { browser }), {
      code: world.code(ada.secret, -1),
    })
    const admin = world.base.connectAdmin()
    await admin`
      update auth.oidc_payload set payload = payload || '{"acr": "1"}'
      where model = 'Session' and payload ->> 'accountId' = ${ada.id}`
    const opened = { ...(await openSignIn(world, { browser, ...level2 })), status: 200 }
    const back = await send(opened, { cancel: 'yes' })
    expect(errorOf(back)).toBe('access_denied')
    const silent = await openSignIn(world, { browser, prompt: 'none' })
    expect(silent.url).toContain('code=')
  })

  test('somebody without a factor reads how to get one, and goes back with a clear no', async () => {
    const { email } = await addAccount(world.sql)
    const browser = newBrowser('en')
    expect(isDone(await afterPassword(world, email, { browser }))).toBe(true)
    const opened = { ...(await openSignIn(world, { browser, ...level2 })), status: 200 }
    expect(opened.page).toContain('A second proof is needed')
    expect(opened.page).not.toContain('name="password"')
    const back = await send(opened, { cancel: 'yes' })
    expect(errorOf(back)).toBe('unmet_authentication_requirements')
    const still = await openSignIn(world, { browser, prompt: 'none' })
    expect(still.url).toContain('code=')
  })

  test('a sign-in from the start asks for both, and is one step', async () => {
    const ada = await personWithApp(world)
    const asked = await afterPassword(world, ada.email, level2)
    expect(
      await claimsOf(world, await send(asked, { code: world.code(ada.secret) })),
    ).toMatchObject({ acr: '2' })
    const { email } = await addAccount(world.sql)
    const without = await afterPassword(world, email, { ...level2, ...english() })
    expect(without.page).toContain('A second proof is needed')
  })

  test('with prompt=none it is refused and shows nothing', async () => {
    const { email } = await addAccount(world.sql)
    const browser = newBrowser()
    await afterPassword(world, email, { browser })
    const { url } = await openSignIn(world, { browser, prompt: 'none', ...level2 })
    expect(new URL(url).searchParams.get('error')).toMatch(/required|unmet/)
  })
})

test('wrong passwords say nothing of a second factor', async () => {
  const [ada, bob] = [await personWithApp(world), await addAccount(world.sql)]
  const pages = await Promise.all(
    [ada, bob].map(async ({ email }) => {
      const opened = { ...(await openSignIn(world, english())), status: 200 }
      const { page, status } = await send(opened, { email, password: `not ${password}` })
      const plain = page
        .replaceAll(email, 'EMAIL')
        .replace(/interaction\/[\w-]+/g, '')
        .replace(/data-options="[^"]*"/g, '')
      return `${status} ${plain}`
    }),
  )
  expect(pages[0]).toBe(pages[1] ?? '')
})
